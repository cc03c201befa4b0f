using System.Buffers;
using StockActors.Market;

namespace StockActors.Node.Replay;

/// <summary>One lane's share of a replayed file: its ticks since the last batch, and how far each of its symbols has come.</summary>
internal sealed class ReplayLane
{
    private readonly SortedDictionary<string, MarketPosition> _positions = new(StringComparer.Ordinal);
    private readonly List<Tick> _ticks = [];
    private LaneProgress _progress;

    public ReplayLane(LaneProgress progress)
    {
        _progress = progress;
        foreach (var position in progress.Markets)
            _positions.Add(position.Symbol, position);
    }

    /// <summary>Where it stood after the last batch.</summary>
    public LaneProgress Progress => _progress;

    /// <summary>Adds a tick, unless an earlier start of the run has published it.</summary>
    public void Add(in Tick tick)
    {
        var at = _positions.TryGetValue(tick.Symbol, out var found) ? found : new MarketPosition(tick.Symbol, 1, 1, 0, TickChecksum.Empty);
        if (tick.Sequence < at.NextSequence)
            return;
        _positions[tick.Symbol] = at with
        {
            NextSequence = tick.Sequence!.Value + 1,
            NextTradeId = tick.Kind == TickKind.Trade ? tick.Trade.TradeId!.Value + 1 : at.NextTradeId,
            Checksum = TickChecksum.Add(at.Checksum, tick),
        };
        _ticks.Add(tick);
    }

    /// <summary>The ticks since the last batch, or <c>null</c> where there are none.</summary>
    public TickBatch? Take()
    {
        if (_ticks.Count == 0)
            return null;
        var ticks = ArrayPool<Tick>.Shared.Rent(_ticks.Count);
        _ticks.CopyTo(ticks);
        _progress = _progress with { Time = Math.Max(_progress.Time, _ticks.Max(t => t.TsEvent) + 1), Markets = [.. _positions.Values] };
        var batch = TickBatch.Own(ticks, _ticks.Count, _progress);
        _ticks.Clear();
        return batch;
    }
}

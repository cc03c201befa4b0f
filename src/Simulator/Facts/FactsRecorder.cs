using StockActors.Market;

namespace StockActors.Simulator.Facts;

/// <summary>Records a run for its stylized facts, symbol by symbol and day by day. Not thread-safe.</summary>
/// <param name="sample">Takes the days.</param>
/// <param name="run">The number of the run in the sample.</param>
public sealed class FactsRecorder(FactsSample sample, int run)
{
    private readonly SortedDictionary<string, DayRecorder> _today = new(StringComparer.Ordinal);

    /// <summary>Takes the day's next tick; those of one symbol come by time.</summary>
    public void Add(in Tick tick)
    {
        if (!_today.TryGetValue(tick.Symbol, out var recorder))
            _today.Add(tick.Symbol, recorder = new DayRecorder(tick.Symbol));
        recorder.Add(tick);
    }

    /// <summary>The day is over: what was recorded of it goes into the sample.</summary>
    public void EndDay()
    {
        foreach (var recorder in _today.Values)
        {
            if (recorder.Finish() is { } day)
                sample.Add(run, day);
        }

        _today.Clear();
    }
}

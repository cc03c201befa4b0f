using System.Runtime.InteropServices;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Chain;

namespace StockActors.Sinks.Columns;

/// <summary>The rows and dead letters of one epoch that is being gathered. It is emptied and filled again, and keeps its room.</summary>
internal sealed class EpochBuffer
{
    /// <summary>What a table partition takes, whatever its rows: the first room of its columns, and what a file has beside them.</summary>
    public const int PartitionBytes = 16 * 1024;

    // A row's columns, its place in the log and in the order, and the room that a table that grows has in reserve.
    private const int RowBytes = 192;

    private readonly RowTexts _texts = new();
    private readonly Dictionary<PartitionSlot, TableColumns> _tables = [];
    private readonly Stack<TableColumns>[] _spare = [.. PartitionSlot.Tables.Select(_ => new Stack<TableColumns>())];
    private readonly (PartitionSlot Slot, TableColumns? Rows)[] _last = new (PartitionSlot, TableColumns?)[PartitionSlot.Tables.Count];
    private readonly List<DeadLetter> _dead = [];
    private readonly List<(Tick Tick, DeadLetter Letter)> _early = [];

    /// <summary>The entry that this epoch has already, where it was claimed and not finished.</summary>
    public EpochEntry? Claimed { get; private set; }

    public long First { get; private set; }

    /// <summary>The offset behind the last that was taken in.</summary>
    public long End { get; private set; }

    public int LeaderEpoch { get; private set; }

    /// <summary>Bytes of keys and values taken in.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many table partitions it touches.</summary>
    public int Partitions => _tables.Count;

    /// <summary>What it holds of memory, as the budget counts it.</summary>
    public long Held => Math.Max(Bytes, (long)Records * RowBytes) + ((long)Partitions * PartitionBytes);

    /// <summary>Records taken in; each is a row or a dead letter.</summary>
    public int Records { get; private set; }

    /// <summary>The latest event time of a foreign producer that was let in, or may be: it never falls while the epoch is open.</summary>
    public long Horizon { get; private set; }

    /// <summary>Whether nothing was taken in, nor a range without records.</summary>
    public bool IsEmpty => End == First;

    /// <summary>By time-stamp of the clock, when the first record came; where there is none, when it was known that none stands there.</summary>
    public long FirstAt { get; private set; }

    /// <summary>By time-stamp of the clock, when the last record came.</summary>
    public long LastAt { get; private set; }

    public IReadOnlyList<DeadLetter> Dead => _dead;

    /// <summary>Whether nothing more belongs to the epoch.</summary>
    public bool IsComplete => Claimed is not null && End == Claimed.End;

    /// <summary>The rows by partition, in an order that only depends on them.</summary>
    public IEnumerable<(TablePartition Partition, TableColumns Rows)> Tables => _tables
        .Select(table => (Partition: table.Key.ToPartition(), Rows: table.Value))
        .OrderBy(table => table.Partition.Table, StringComparer.Ordinal).ThenBy(table => table.Partition.Path, StringComparer.Ordinal);

    /// <summary>Empties the buffer for a new epoch.</summary>
    public void Begin(long first)
    {
        foreach (var rows in _tables.Values)
        {
            rows.Clear();
            _spare[(int)rows.Kind].Push(rows);
        }

        _tables.Clear();
        Array.Clear(_last);
        _dead.Clear();
        _early.Clear();
        _texts.Trim();
        Claimed = null;
        First = End = first;
        LeaderEpoch = -1;
        Bytes = Records = 0;
        Horizon = long.MinValue;
    }

    /// <summary>Empties the buffer for an epoch that has its entry and needs reading again.</summary>
    public void Begin(EpochEntry claimed)
    {
        Begin(claimed.First);
        Claimed = claimed;
        Horizon = claimed.Horizon;
    }

    /// <summary>Takes in records up to the batch's end, or the epoch's where that is fixed.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="index">The first one to take.</param>
    /// <param name="decoder">Reads them.</param>
    /// <param name="horizon">What the claim's horizon would be now; without meaning where the epoch has its entry.</param>
    /// <param name="at">The clock's time-stamp now.</param>
    /// <param name="maxPartitions">How many table partitions it may touch; one that has its entry touches those that it does.</param>
    /// <returns>The first record that is left over.</returns>
    public int Take(RecordBatch batch, int index, TickDecoder decoder, long horizon, long at, int maxPartitions = int.MaxValue)
    {
        using var timer = new PhaseTimer(PhaseTimer.Decode);
        var end = Claimed?.End ?? long.MaxValue;
        if (Claimed is null)
            Horizon = Math.Max(Horizon, horizon);
        else
            maxPartitions = int.MaxValue;
        var before = Records;
        for (; index < batch.Count; index++)
        {
            var record = batch[index];
            if (record.Offset >= end)
                break;
            if (record.IsTombstone)
                _dead.Add(Letter(record, "a tombstone: the record has no value"));
            else if (!decoder.TryDecode(record.Value, out var tick, out var reason))
                _dead.Add(Letter(record, reason));
            else if (tick.Source == TickSource.External && tick.TsEvent > Horizon)
                _early.Add((tick, Letter(record, EarlyReason(tick))));
            else if (!TryAppend(tick, record.Offset, maxPartitions))
                break;
            Bytes += record.Key.Length + record.Value.Length;
            Records++;
        }

        if (Records > before)
        {
            LastAt = at;
            if (before == 0)
                FirstAt = at;
        }
        else if (IsEmpty)
        {
            FirstAt = at;
        }

        End = Math.Min(index < batch.Count ? batch[index].Offset : batch.NextOffset, end);
        LeaderEpoch = batch.LeaderEpoch;
        return index;
    }

    /// <summary>
    /// Decides on the records whose event time was beyond the horizon when they came, with the one that the epoch is claimed with.
    /// </summary>
    public void Settle(long horizon)
    {
        if (Claimed is null)
            Horizon = Math.Max(Horizon, horizon);
        if (_early.Count == 0)
            return;
        foreach (ref readonly var early in CollectionsMarshal.AsSpan(_early))
        {
            if (early.Tick.TsEvent > Horizon)
                _dead.Add(early.Letter);
            else
                TryAppend(early.Tick, early.Letter.Offset, int.MaxValue);
        }

        _early.Clear();
        _dead.Sort((a, b) => a.Offset.CompareTo(b.Offset));
    }

    private bool TryAppend(in Tick tick, long offset, int maxPartitions)
    {
        var slot = tick.Bar is { } bar ? PartitionSlot.Bar(bar.Interval, tick.TsEvent) : PartitionSlot.Hour(tick.Kind, tick.TsEvent);
        ref var last = ref _last[(int)tick.Kind];
        if (last.Rows is null || last.Slot != slot)
        {
            if (_tables.Count >= maxPartitions && !_tables.ContainsKey(slot))
                return false;
            last = (slot, RowsOf(slot));
        }

        last.Rows!.Append(tick, offset);
        return true;
    }

    private TableColumns RowsOf(PartitionSlot slot)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_tables, slot, out _);
        return rows ??= _spare[(int)slot.Kind].TryPop(out var spare) ? spare : TableColumns.Of(slot.Kind, _texts);
    }

    private static DeadLetter Letter(in LogRecord record, string reason) =>
        new(record.Offset, record.Key.ToArray(), record.IsTombstone ? null : record.Value.ToArray(), reason);

    private static string EarlyReason(in Tick tick) =>
        $"ts_event: {UnixNanos.Format(tick.TsEvent)} is further in the future than a foreign producer may claim";
}

using StockActors.Market;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>One lane: its log, what its consumer group and dead-letter topic were told, and its chain as it was put.</summary>
internal sealed class SimulatedLane
{
    public const string Topic = "ticks";

    private static readonly string[] Symbols = ["A", "B"];

    private readonly List<(TestRecord Record, TablePartition? Partition, SimulatedRow Row)> _records = [];
    private readonly HashSet<long> _dead = [];

    public SimulatedLane(int lane, Random random)
    {
        Lane = lane;
        var offset = (long)random.Next(3);
        High = offset;
        var sequence = 0L;
        for (var i = random.Next(4, 20); i > 0; i--, offset += random.Next(6) == 0 ? 2 : 1)
            _records.Add(Record(offset, random, ref sequence));
        End = offset + random.Next(2);
    }

    public int Lane { get; }

    public string TopicId { get; } = "0123456789abcdef0123456789abcdef";

    /// <summary>What retention has left.</summary>
    public long Low { get; private set; }

    /// <summary>What has been produced so far.</summary>
    public long High { get; private set; }

    /// <summary>What will have been produced in the end.</summary>
    public long End { get; }

    public List<IChainEntry> Entries { get; } = [];

    /// <summary>The furthest that the group was told; a zombie may tell it less again, for the chain is the truth.</summary>
    public long Committed { get; private set; } = -1;

    public IReadOnlySet<long> Dead => _dead;

    public void Produce(long offsets) => High = Math.Min(End, High + offsets);

    public void Forget(long offsets) => Low = Math.Min(High, Low + offsets);

    /// <summary>The next poll; <c>null</c> where retention has dropped what it asks for.</summary>
    public RecordBatch? Poll(long from, int most)
    {
        if (from < Low)
            return null;
        var batch = new RecordBatch(Topic, Lane, from, sizeHint: 256, countHint: 4) { LeaderEpoch = 1 };
        foreach (var (record, _, _) in _records)
        {
            if (record.Offset < from || record.Offset >= High || batch.Count == most)
                continue;
            batch.Add(record.Offset, record.Key, record.Value ?? [], record.Value is null);
        }

        if (batch.Count < most && High > batch.NextOffset)
            batch.MoveTo(High);
        return batch;
    }

    public void DeadLetter(IReadOnlyList<DeadLetter> letters) => _dead.UnionWith(letters.Select(letter => letter.Offset));

    public void Commit(long position) => Committed = Math.Max(Committed, position);

    /// <summary>The rows that a range of offsets has in a partition, given a horizon.</summary>
    public IEnumerable<SimulatedRow> RowsOf(EpochEntry epoch, TablePartition partition) => RowsOf(epoch)
        .Where(row => row.Partition == partition).Select(row => row.Row);

    public IEnumerable<TablePartition> PartitionsOf(EpochEntry epoch) => RowsOf(epoch).Select(row => row.Partition!.Value).Distinct();

    public IEnumerable<long> DeadOf(EpochEntry epoch) => _records
        .Where(r => r.Record.Offset >= epoch.First && r.Record.Offset < epoch.End && !IsRow(r, epoch)).Select(r => r.Record.Offset);

    private IEnumerable<(TestRecord Record, TablePartition? Partition, SimulatedRow Row)> RowsOf(EpochEntry epoch) =>
        _records.Where(r => r.Record.Offset >= epoch.First && r.Record.Offset < epoch.End && IsRow(r, epoch));

    private static bool IsRow((TestRecord Record, TablePartition? Partition, SimulatedRow Row) r, EpochEntry epoch) =>
        r.Partition is not null && (r.Record.Tick!.Value.Source != TickSource.External || r.Row.TsEvent <= epoch.Horizon);

    private (TestRecord Record, TablePartition? Partition, SimulatedRow Row) Record(long offset, Random random, ref long sequence)
    {
        var foreign = random.Next(4) == 0;
        if (random.Next(12) == 0)
            return (new TestRecord(offset, [], "{"u8.ToArray(), null), null, default);
        var tick = new Tick
        {
            Kind = TickKind.Status,
            Source = foreign ? TickSource.External : TickSource.Sim,
            Symbol = Symbols[random.Next(Symbols.Length)],
            Sequence = foreign ? random.Next(2) == 0 ? null : 7 : ++sequence,
            RunId = foreign ? "" : $"run-{Lane}",
            TsEvent = UnixNanos.From(RandomTicks.Now) + (foreign && random.Next(2) == 0
                ? random.Next(12) * 60 * UnixNanos.PerSecond
                : -random.Next(4) * UnixNanos.PerHour),
            Status = new Status(StatusAction.Open, null, true, null, null),
        };
        var row = new SimulatedRow(tick.Symbol, tick.Sequence ?? long.MinValue, tick.RunId, tick.TsEvent);
        return (new TestRecord(offset, [], RandomTicks.Encode(tick), tick), PartitionSlot.Hour(tick.Kind, tick.TsEvent).ToPartition(), row);
    }
}

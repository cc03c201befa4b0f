using System.Collections.Concurrent;
using StockActors.Market;

namespace StockActors.Sinks.Tests;

/// <summary>One lane of a log, with gaps as transaction markers leave them.</summary>
internal sealed class TestLog(IReadOnlyList<TestRecord> records, long low = 0)
{
    public const string Topic = "ticks";
    public const int Lane = 3;

    public IReadOnlyList<TestRecord> Records => records;

    public string TopicId { get; set; } = "0123456789abcdef0123456789abcdef";

    public long Low { get; set; } = low;

    public long High { get; set; } = records.Count == 0 ? low : records[^1].Offset + 2;

    public ConcurrentQueue<DeadLetter> DeadLetters { get; } = new();

    /// <summary>Whether what was read before is still there.</summary>
    public bool Holds { get; set; } = true;

    /// <summary>The furthest that the group was told; a zombie may tell it less again, for the chain is the truth.</summary>
    public long Committed { get; private set; } = -1;

    /// <summary>The log as one process sees it.</summary>
    public ILaneLog SeenBy(Interception interception) => new View(this, interception);

    /// <summary>The next poll: up to a number of records, and the marker behind the last.</summary>
    public RecordBatch Poll(long from, int most)
    {
        var batch = new RecordBatch(Topic, Lane, from, sizeHint: 256, countHint: 4) { LeaderEpoch = 1 };
        foreach (var record in records.SkipWhile(record => record.Offset < from).Take(most))
            batch.Add(record.Offset, record.Key, record.Value ?? [], record.Value is null);
        if (batch.Count < most)
            batch.MoveTo(High);
        return batch;
    }

    private sealed class View(TestLog log, Interception interception) : ILaneLog
    {
        public async ValueTask<LogExtent> ExtentAsync(CancellationToken cancellation) => await interception.RunAsync(
            () => Task.FromResult(new LogExtent(log.TopicId, log.Low, log.High)), isConditional: false, "extent");

        public async ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancellation) =>
            await interception.RunAsync(() => Task.FromResult(log.Holds), isConditional: false, "epoch");

        public Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) => interception.RunAsync(
            () =>
            {
                foreach (var letter in letters)
                    log.DeadLetters.Enqueue(letter);
                return Task.FromResult(true);
            },
            isConditional: false,
            "dead");

        public Task CommitAsync(LaneOffset position, CancellationToken cancellation) => interception.RunAsync(
            () =>
            {
                log.Committed = Math.Max(log.Committed, position.Offset);
                return Task.FromResult(true);
            },
            isConditional: false,
            "commit");
    }
}

using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using CsCheck;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

public sealed class CommitterTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly Group _group = new();

    [Fact]
    public async Task Offsets_are_committed_by_count_the_furthest_of_each_partition()
    {
        var (lane0, lane1) = (_group.Partition(0), _group.Partition(1));
        var batches = await Source.From([lane0(4), lane1(7), lane0(5), lane0(6), lane1(9), lane1(10)])
            .Select(ICommittable (offset) => offset)
            .Via(Committer.Flow(new CommitterSettings { MaxBatch = 3, MaxInterval = Never }))
            .RunWith(Sink.Seq<Done>(), log.Materializer).WaitAsync(Patience);

        Assert.Equal([(0, 6L), (1, 10L)], _group.Furthest());
        // Six offsets, three a batch; what came while one was being committed went with the next.
        Assert.InRange(batches.Count, 1, 2);
        Assert.All(_group.Commits, commit => Assert.Equal(commit.Count, commit.DistinctBy(c => c.Lane).Count()));
    }

    [Fact]
    public async Task Offsets_are_committed_after_a_time_while_the_stream_goes_on()
    {
        var lane = _group.Partition(0);
        var (queue, done) = Source.Queue<ICommittable>(16, OverflowStrategy.Backpressure)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxInterval = TimeSpan.FromMilliseconds(50) }), Keep.Both).Run(log.Materializer);

        await queue.OfferAsync(lane(1));
        await _group.CommittedAsync(0, 1);
        await queue.OfferAsync(lane(2));
        await queue.OfferAsync(lane(3));
        await _group.CommittedAsync(0, 3);
        queue.Complete();
        await done.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_came_before_a_failure_is_committed_before_the_failure_is_told()
    {
        var lane = _group.Partition(0);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Source.From([1L, 2L, 3L])
            .Select(ICommittable (next) => next < 3 ? lane(next) : throw new InvalidOperationException("the third"))
            .RunWith(Committer.Sink(new CommitterSettings { MaxInterval = Never }), log.Materializer).WaitAsync(Patience));

        Assert.Equal("the third", error.Message);
        Assert.Equal([(0, 2L)], _group.Furthest());
    }

    [Fact]
    public async Task What_came_before_a_cancellation_is_committed()
    {
        var lane = _group.Partition(0);
        await Source.From([1L, 2L, 3L]).Concat(Source.Maybe<long>().MapMaterializedValue(_ => NotUsed.Instance))
            .Select(ICommittable (next) => lane(next))
            .Via(Committer.Flow(new CommitterSettings { MaxBatch = 2, MaxInterval = Never }))
            .RunWith(Sink.First<Done>(), log.Materializer).WaitAsync(Patience);

        await _group.CommittedAsync(0, 3);
    }

    [Fact]
    public async Task Offsets_out_of_order_are_a_named_error_for_what_is_committed_would_be_more_than_is_done()
    {
        var lane = _group.Partition(0);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Source.From([lane(5), lane(4)])
            .Select(ICommittable (offset) => offset)
            .RunWith(Committer.Sink(new CommitterSettings { MaxInterval = Never }), log.Materializer).WaitAsync(Patience));

        Assert.Contains("4 after 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_does_not_answer_is_asked_again_and_then_given_up_by_name()
    {
        var lane = _group.Partition(0);
        _group.Faults = new Queue<ErrorCode>([ErrorCode.RequestTimedOut, ErrorCode.Local_TimedOut]);
        await Source.Single<ICommittable>(lane(1)).RunWith(Committer.Sink(new CommitterSettings { MaxInterval = Never }), log.Materializer).WaitAsync(Patience);
        Assert.Equal([(0, 1L)], _group.Furthest());

        _group.Faults = new Queue<ErrorCode>(Enumerable.Repeat(ErrorCode.RequestTimedOut, 100));
        await Assert.ThrowsAsync<LogException>(() => Source.Single<ICommittable>(lane(2))
            .RunWith(Committer.Sink(new CommitterSettings { RetryTimeout = TimeSpan.FromSeconds(1) }), log.Materializer).WaitAsync(Patience));
    }

    [Fact]
    public void Whatever_the_batches_and_the_speed_of_commits_nothing_is_committed_beyond_what_came_and_all_of_it_in_the_end()
    {
        Gen.Select(Gen.Int[1, 40].Array[1, 5], Gen.Int[1, 20], Gen.Int).Sample((lengths, maxBatch, seed) =>
        {
            var group = new Group { Random = new Random(seed) };
            var lanes = lengths.Select((_, lane) => group.Partition(lane)).ToList();
            var random = new Random(seed);
            var left = lengths.Select((length, lane) => (Lane: lane, Next: 1L, Length: length)).ToList();
            var offsets = new List<ICommittable>();
            while (left.Count > 0)
            {
                var i = random.Next(left.Count);
                var (lane, next, length) = left[i];
                offsets.Add(lanes[lane](next));
                if (next == length)
                    left.RemoveAt(i);
                else
                    left[i] = (lane, next + 1, length);
            }

            Source.From(offsets).Select(offset =>
                {
                    foreach (var one in offset.Offsets)
                        group.Came(one);
                    return offset;
                })
                .RunWith(Committer.Sink(new CommitterSettings { MaxBatch = maxBatch, MaxInterval = Never }), log.Materializer).WaitAsync(Patience).GetAwaiter().GetResult();
            Assert.Equal(lengths.Select((length, lane) => (lane, (long)length)), group.Furthest());
        }, iter: 100);
    }

    [Fact]
    public void A_batch_of_offsets_holds_the_furthest_of_each_partition()
    {
        var (lane0, lane1) = (_group.Partition(0), _group.Partition(1));
        var batch = CommittableOffsetBatch.Of([lane0(3), lane1(8), CommittableOffsetBatch.Of([lane0(5), lane0(4)])]);

        Assert.Equal([(0, 5L), (1, 8L)], batch.Offsets.Select(o => (o.Partition.Partition.Value, o.Next)).Order());
    }

    /// <summary>A group that remembers what is committed to it, and refuses what was never done.</summary>
    private sealed class Group : IOffsetCommits
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<int, long> _came = [];
        private readonly List<IReadOnlyList<(int Lane, long Next)>> _commits = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Queue<ErrorCode> Faults { get; set; } = [];

        public Random? Random { get; init; }

        public IReadOnlyList<IReadOnlyList<(int Lane, long Next)>> Commits
        {
            get
            {
                lock (_gate)
                    return [.. _commits];
            }
        }

        public Func<long, CommittableOffset> Partition(int lane)
        {
            var ledger = new PartitionLedger(new TopicPartition("t", lane), this, isTold: true);
            return next => new CommittableOffset(ledger, next);
        }

        public void Came(CommittableOffset offset)
        {
            lock (_gate)
                _came[offset.Partition.Partition.Value] = offset.Next;
        }

        public IEnumerable<(int Lane, long Next)> Furthest() =>
            Commits.SelectMany(commit => commit).GroupBy(c => c.Lane).Select(lane => (lane.Key, lane.Max(c => c.Next))).Order();

        public async Task CommittedAsync(int lane, long next)
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_commits.Any(commit => commit.Contains((lane, next))))
                        return;
                    changed = _changed.Task;
                }

                await changed.WaitAsync(Patience);
            }
        }

        public async Task CommitAsync(IReadOnlyCollection<(PartitionLedger Partition, long Next)> done)
        {
            for (var turns = Random?.Next(4) ?? 0; turns > 0; turns--)
                await Task.Yield();
            lock (_gate)
            {
                if (Faults.TryDequeue(out var fault))
                    throw new KafkaException(fault);
                if (Random is not null && done.Any(d => d.Next > _came[d.Partition.Partition.Partition.Value]))
                    throw new InvalidOperationException("More is committed than came.");
                _commits.Add([.. done.Select(d => (d.Partition.Partition.Partition.Value, d.Next))]);
                var changed = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                changed.SetResult();
            }
        }
    }
}

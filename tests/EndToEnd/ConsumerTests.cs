using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.EndToEnd;

/// <summary>The consumer's stages on a real Kafka: members that come, go and die while records are in flight, brokers that do, and logs with holes.</summary>
[Collection(LogCollection.Name)]
public sealed class ConsumerTests : IDisposable
{
    private const int Lanes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ActorSystem _system = ActorSystem.Create("consumers", "akka { loglevel = OFF, stdout-loglevel = OFF }");
    private readonly ActorMaterializer _materializer;
    private readonly string _topic = $"con-{Guid.NewGuid():N}"[..20];

    /// <summary>Every record that was done, by whom; the group's truth is beside it.</summary>
    private readonly ConcurrentDictionary<(int Lane, long Offset), int> _done = [];

    private string _brokers;

    public ConsumerTests(Stack stack) => (_brokers, _materializer) = (stack.Kafka, _system.Materializer());

    private KafkaSettings Kafka => new(_brokers, new Dictionary<string, string>());

    public void Dispose()
    {
        _materializer.Dispose();
        _system.Terminate().Wait(Patience);
    }

    [StackTheory]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    [InlineData(PartitionAssignmentStrategy.Range)]
    public async Task Members_that_join_leave_and_fail_lose_no_record_and_commit_nothing_that_was_not_done(PartitionAssignmentStrategy assignment)
    {
        await CreateAsync(Lanes);
        using var enough = new CancellationTokenSource();
        var producing = ProduceUntilAsync(enough.Token);

        var first = Member(assignment);
        await UntilAsync(() => _done.Count > 200);
        var second = Member(assignment);
        await UntilAsync(() => second.Done > 100);
        var third = Member(assignment);
        await UntilAsync(() => third.Done > 100);

        // One leaves in order, one fails with records in flight that nobody will finish.
        await first.Control.DrainAndShutdown().WaitAsync(Patience);
        AssertCommittedIsDone();
        second.Fail();
        await enough.CancelAsync();
        var records = await producing;
        // What the one that failed had done and not committed is done again.
        await UntilAsync(() => _done.Count == records && Committed().Sum() == records);
        await third.Control.DrainAndShutdown().WaitAsync(Patience);

        AssertCommittedIsDone();
        Assert.Equal(records, Committed().Sum());
    }

    [StackFact]
    public async Task A_partition_in_flight_moves_only_after_it_is_finished_so_that_no_record_is_done_twice()
    {
        await CreateAsync(Lanes);
        using var enough = new CancellationTokenSource();
        var producing = ProduceUntilAsync(enough.Token);
        var first = Member(PartitionAssignmentStrategy.CooperativeSticky);
        await UntilAsync(() => _done.Count > 200);
        var second = Member(PartitionAssignmentStrategy.CooperativeSticky);
        await UntilAsync(() => second.Done > 200);
        await second.Control.DrainAndShutdown().WaitAsync(Patience);
        await enough.CancelAsync();
        var records = await producing;
        await UntilAsync(() => _done.Count == records);
        await first.Control.DrainAndShutdown().WaitAsync(Patience);

        Assert.All(_done, record => Assert.True(record.Value == 1, $"{record.Key} was done {record.Value} times"));
    }

    [StackFact]
    public async Task A_broker_that_is_killed_and_comes_back_costs_the_stream_time_and_nothing_else()
    {
        var broker = Stack.OfOne();
        await broker.RunAsync("reset");
        await broker.RunAsync("up", "kafka");
        _brokers = await broker.KafkaAsync();
        await CreateAsync(Lanes);
        await ProduceAsync(1_000);
        var member = Member(PartitionAssignmentStrategy.CooperativeSticky);
        await UntilAsync(() => _done.Count > 500);
        await broker.RunAsync("kill", "kafka");
        await broker.RunAsync("up", "kafka");
        await ProduceAsync(1_000);
        await UntilAsync(() => _done.Count == 2_000 * Lanes);
        await member.Control.DrainAndShutdown().WaitAsync(Patience);

        AssertCommittedIsDone();
        Assert.Equal(Enumerable.Repeat(2_000L, Lanes), Committed());
        await broker.RunAsync("reset");
    }

    [StackFact]
    public async Task Of_aborted_transactions_nothing_is_seen_and_the_batches_tile_the_offsets()
    {
        await CreateAsync(1);
        var expected = new List<string>();
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _brokers, TransactionalId = _topic }).Build())
        {
            producer.InitTransactions(Patience);
            var random = new Random(7);
            for (var transaction = 0; transaction < 40; transaction++)
            {
                producer.BeginTransaction();
                var values = Enumerable.Range(0, random.Next(1, 200)).Select(i => $"{transaction}/{i}").ToList();
                foreach (var value in values)
                    producer.Produce(_topic, new Message<string, string> { Value = value });
                if (random.Next(2) == 0)
                {
                    producer.CommitTransaction(Patience);
                    expected.AddRange(values);
                }
                else
                {
                    producer.Flush(Patience);
                    producer.AbortTransaction(Patience);
                }
            }
        }

        using var log = await KafkaLog.ConnectAsync(Kafka, null, CancellationToken.None);
        var (_, end) = await log.ExtentAsync(_topic, 0, CancellationToken.None);
        var read = new List<string>();
        var next = 0L;
        await KafkaConsumer.BatchedPartitionedSource(new ConsumerSettings(Kafka, _topic), Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(_topic, 0, 0)))
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(1, partition => partition.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                {
                    Assert.Equal(next, batch.FirstOffset);
                    next = batch.NextOffset;
                    for (var i = 0; i < batch.Count; i++)
                        read.Add(System.Text.Encoding.UTF8.GetString(batch[i].Value));
                }

                return next < end;
            })
            .RunWith(Sink.Ignore<RecordBatch>(), _materializer).WaitAsync(Patience);

        Assert.Equal(expected, read);
        Assert.Equal(end, next);
    }

    [StackFact]
    public async Task Partitions_that_a_topic_is_given_are_read_and_a_topic_that_is_deleted_is_a_named_error()
    {
        await CreateAsync(2);
        var member = Member(PartitionAssignmentStrategy.CooperativeSticky, new Dictionary<string, string> { ["topic.metadata.refresh.interval.ms"] = "1000" });
        await ProduceAsync(50, lanes: 2);
        await UntilAsync(() => _done.Count == 100);
        await Stack.RunAsync("kafka", "topics", "--alter", "--topic", _topic, "--partitions", $"{Lanes}");
        await ProduceAsync(50, lanes: Lanes);
        await UntilAsync(() => _done.Keys.Select(record => record.Lane).Distinct().Count() == Lanes);

        await Stack.RunAsync("kafka", "topics", "--delete", "--topic", _topic);

        var error = await Assert.ThrowsAsync<LogException>(() => member.Control.StreamCompletion.WaitAsync(Patience));
        Assert.Contains(_topic, error.Message, StringComparison.Ordinal);
        await member.Control.Control.IsShutdown.WaitAsync(Patience);
    }

    /// <summary>A member of the group that takes a moment for each record and notes it when it is done.</summary>
    private Running Member(PartitionAssignmentStrategy assignment, IReadOnlyDictionary<string, string>? properties = null)
    {
        var settings = new ConsumerSettings<byte[], byte[]>(Kafka with { Properties = properties ?? new Dictionary<string, string>() }, _topic)
        {
            StartWhereUnknown = AutoOffsetReset.Earliest,
            Assignment = assignment,
        };
        var running = new Running();
        var (control, completion) = KafkaConsumer.CommittableSource(settings, Subscriptions.Topics(_topic))
            .SelectAsync(8, async message =>
            {
                await Task.Yield();
                running.Failing.ThrowIfCancellationRequested();
                _done.AddOrUpdate((message.Record.Partition.Value, message.Record.Offset.Value), 1, (_, times) => times + 1);
                running.Count();
                return message;
            })
            .Throttle(2_000, TimeSpan.FromSeconds(1), 200, ThrottleMode.Shaping)
            .Select(ICommittable (message) => message.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxInterval = TimeSpan.FromMilliseconds(200) }), Keep.Both)
            .Run(_materializer);
        running.Control = DrainingControl.Create(control, completion);
        return running;
    }

    private async Task CreateAsync(int lanes)
    {
        using var log = await KafkaLog.ConnectAsync(Kafka, null, CancellationToken.None);
        await log.EnsureAsync(_topic, lanes, CancellationToken.None);
    }

    private Task<Akka.Done> ProduceAsync(int recordsOfLane, int lanes = Lanes) =>
        Source.From(Enumerable.Range(0, recordsOfLane * lanes)).Select(i => Record(i % lanes)).RunWith(Producer, _materializer);

    /// <summary>Produces until it is told to stop.</summary>
    /// <returns>How many records.</returns>
    private async Task<long> ProduceUntilAsync(CancellationToken enough)
    {
        var count = 0L;
        await Source.From(Enumerable.Range(0, int.MaxValue))
            .Throttle(2_000, TimeSpan.FromSeconds(1), 200, ThrottleMode.Shaping)
            .TakeWhile(_ => !enough.IsCancellationRequested)
            .Select(i =>
            {
                count++;
                return Record(i % Lanes);
            })
            .RunWith(Producer, _materializer);
        return count;
    }

    private Sink<ProducerRecord<byte[], byte[]>, Task<Akka.Done>> Producer => KafkaProducer.PlainSink(new ProducerSettings<byte[], byte[]>(Kafka));

    private ProducerRecord<byte[], byte[]> Record(int lane) => new(new TopicPartition(_topic, lane), new Message<byte[], byte[]> { Value = [1] });

    private IReadOnlyList<long> Committed()
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _brokers, GroupId = _topic }).Build();
        return [.. consumer.Committed(Enumerable.Range(0, Lanes).Select(lane => new TopicPartition(_topic, lane)), Patience).OrderBy(c => c.Partition.Value).Select(c => c.Offset.Value)];
    }

    private void AssertCommittedIsDone()
    {
        var lane = 0;
        foreach (var committed in Committed())
        {
            for (var offset = 0L; offset < committed; offset++)
                Assert.True(_done.ContainsKey((lane, offset)), $"lane {lane} is committed up to {committed}, and {offset} was never done");
            lane++;
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        for (var limit = DateTime.UtcNow + Patience; !holds(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < limit, string.Create(CultureInfo.InvariantCulture, $"What was waited for did not come; {_done.Count} records are done."));
    }

    private sealed class Running
    {
        private readonly CancellationTokenSource _failing = new();
        private int _count;

        public DrainingControl<Akka.Done> Control { get; set; } = null!;

        public CancellationToken Failing => _failing.Token;

        public int Done => Volatile.Read(ref _count);

        public void Count() => Interlocked.Increment(ref _count);

        public void Fail() => _failing.Cancel();
    }
}

using System.Diagnostics.Metrics;
using System.Text;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Supervision;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline.Tests;

/// <summary>The consumer's stages over a client that the test plays: every transition of demand, completion, failure and revocation.</summary>
public sealed class ConsumerStageTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TopicPartition Lane0 = new("t", 0);
    private static readonly TopicPartition Lane1 = new("t", 1);

    private readonly FakeConsumeClient _client = new();
    private ConsumerSettings<string, string> _settings = new(new KafkaSettings("none:1", new Dictionary<string, string>()), "g") { MaxBatchRecords = 2, RevocationTimeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Records_come_on_demand_and_no_more_than_a_chunk_is_taken_ahead_of_it()
    {
        var (_, pulled) = Plain().ToMaterialized(Queue<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, first: 5, count: 10);

        var first = (await pulled.PullAsync()).Value;
        Assert.Equal((Lane0, 5L, "k5", "5", 5L), (first.TopicPartition, first.Offset.Value, first.Message.Key, first.Message.Value, first.Message.Timestamp.UnixTimestampMs));
        // One is asked for by the sink's own buffer, a chunk of two is being pushed, and a chunk waits.
        await UntilAsync(() => _client.Waiting(Lane0) == 6);
        for (var offset = 6; offset < 15; offset++)
            Assert.Equal(offset, (await pulled.PullAsync()).Value.Offset.Value);
    }

    [Fact]
    public async Task A_partition_that_nobody_pulls_holds_up_no_other()
    {
        var (control, sources) = Partitioned(KafkaConsumer.Batched()).ToMaterialized(Queue<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0, Lane1);
        _client.Fetch(Lane0, 0, 100);
        _client.Fetch(Lane1, 0, 7);
        _ = (await sources.PullAsync()).Value.Source.RunWith(Queue<RecordBatch>(), log.Materializer);
        var lane1 = (await sources.PullAsync()).Value;
        Assert.Equal(Lane1, lane1.Partition);

        var batches = lane1.Source.RunWith(Queue<RecordBatch>(), log.Materializer);
        var next = 0L;
        while (next < 7)
        {
            using var batch = (await batches.PullAsync()).Value;
            Assert.Equal(next, batch.FirstOffset);
            Assert.InRange(batch.Count, 1, 2);
            for (var i = 0; i < batch.Count; i++)
                Assert.Equal($"{next + i}", Encoding.UTF8.GetString(batch[i].Value));
            next = batch.NextOffset;
        }

        await UntilAsync(() => _client.Waiting(Lane0) <= 98);
        Assert.InRange(_client.Waiting(Lane0), 94, 98);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_batch_says_how_far_it_reaches_also_where_no_record_stands()
    {
        _settings = _settings with { MaxBatchRecords = 100 };
        var (_, sources) = Partitioned(KafkaConsumer.CommittableBatched()).ToMaterialized(Queue<PartitionSource<CommittableBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        var batches = (await sources.PullAsync()).Value.Source.RunWith(Queue<CommittableBatch>(), log.Materializer);

        _client.ReachEnd(Lane0, 12);
        using (var empty = (await batches.PullAsync()).Value)
            Assert.Equal((0, 12L, 12L), (empty.Records.Count, empty.Records.NextOffset, empty.Offset.Next));
        _client.Fetch(Lane0, 14, 1);
        using var batch = (await batches.PullAsync()).Value;
        Assert.Equal((12L, 1, 15L), (batch.Records.FirstOffset, batch.Records.Count, batch.Offset.Next));
    }

    [Fact]
    public async Task Headers_come_with_a_record_and_a_record_without_has_none()
    {
        var (_, pulled) = Plain().ToMaterialized(Queue<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, "with", new Headers { { "reason", "late"u8.ToArray() } });
        _client.Fetch(Lane0, 1, "without");

        Assert.Equal("late", Encoding.UTF8.GetString((await pulled.PullAsync()).Value.Message.Headers.GetLastBytes("reason")));
        Assert.Null((await pulled.PullAsync()).Value.Message.Headers);
    }

    [Fact]
    public async Task Stop_completes_the_sources_after_what_they_have_and_what_is_done_can_still_be_committed()
    {
        var (control, sources) = Partitioned(KafkaConsumer.Batched()).ToMaterialized(Queue<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, 100);
        var batches = (await sources.PullAsync()).Value.Source.RunWith(Queue<RecordBatch>(), log.Materializer);
        (await batches.PullAsync()).Value.Dispose();
        await UntilAsync(() => _client.Waiting(Lane0) <= 96);

        control.Stop();
        var next = 2L;
        while (await batches.PullAsync() is { HasValue: true, Value: var batch })
        {
            Assert.Equal(next, batch.FirstOffset);
            next = batch.NextOffset;
            batch.Dispose();
        }

        Assert.False((await sources.PullAsync()).HasValue);
        Assert.Equal(next, 100 - _client.Waiting(Lane0));
        Assert.True(await control.CommitAsync(new TopicPartitionOffset(Lane0, next), CancellationToken.None));
        Assert.Equal([new TopicPartitionOffset(Lane0, next)], _client.Committed);
        Assert.False(control.IsShutdown.IsCompleted);
        await control.Shutdown().WaitAsync(Patience);
        await _client.Disposed;
        Assert.False(await control.CommitAsync(new TopicPartitionOffset(Lane0, next + 1), CancellationToken.None));
    }

    [Fact]
    public async Task A_consumer_that_was_stopped_and_that_nobody_shuts_down_leaves_after_a_while()
    {
        _settings = _settings with { StopTimeout = TimeSpan.FromMilliseconds(50) };
        var (control, done) = Plain().ToMaterialized(Sink.Ignore<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);

        control.Stop();

        await done.WaitAsync(Patience);
        await control.IsShutdown.WaitAsync(Patience);
        await _client.Disposed;
    }

    [Fact]
    public async Task A_consumer_is_gone_when_its_stream_is_cancelled()
    {
        var (control, first) = Plain().ToMaterialized(Sink.First<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 3, 1);

        Assert.Equal(3, (await first.WaitAsync(Patience)).Offset.Value);
        await control.IsShutdown.WaitAsync(Patience);
        await _client.Disposed;
    }

    [Fact]
    public async Task Drain_commits_what_the_stream_was_given_and_then_leaves()
    {
        var step = new Steps();
        var control = Committable().SelectAsync(4, step.DoAsync).Select(ICommittable (m) => m.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxInterval = TimeSpan.FromHours(1) }), DrainingControl.Create).Run(log.Materializer);
        await _client.AssignAsync(Lane0, Lane1);
        _client.Fetch(Lane0, 0, 2);
        _client.Fetch(Lane1, 8, 2);
        await step.BegunAsync(4);

        var drained = control.DrainAndShutdown();
        Assert.Empty(_client.Committed);
        step.FinishAll();
        await drained.WaitAsync(Patience);

        Assert.Equal([new TopicPartitionOffset(Lane0, 2), new TopicPartitionOffset(Lane1, 10)], _client.Committed.OrderBy(c => c.Partition.Value));
        await _client.Disposed;
    }

    [Fact]
    public async Task A_revoked_partition_is_given_up_after_what_is_in_flight_is_done_and_committed()
    {
        var step = new Steps();
        var (control, done) = Committable().SelectAsync(1, step.DoAsync).Select(ICommittable (m) => m.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxInterval = TimeSpan.FromHours(1) }), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0, Lane1);
        _client.Fetch(Lane0, 0, 20_000);
        await step.BegunAsync(1);

        var revoked = _client.RevokeAsync(Lane0);
        _client.Fetch(Lane1, 0, 1);
        Assert.NotSame(revoked, await Task.WhenAny(revoked, Task.Delay(100)));
        Assert.Empty(_client.Committed);
        for (var finished = 1; !revoked.IsCompleted; finished++)
        {
            step.Finish();
            await Task.WhenAny(revoked, step.BegunAsync(finished + 1));
        }

        await revoked;
        var done0 = step.Done;
        var committed = Assert.Single(_client.Committed);
        Assert.Equal((Lane0, (long)done0), (committed.TopicPartition, committed.Offset.Value));
        Assert.InRange(done0, 1, 19_999);

        // The other partition goes on.
        step.FinishAll();
        await UntilAsync(() => step.Values.Contains((Lane1, 0)));
        Assert.Equal(done0, step.Values.Count(v => v.Item1 == Lane0));
        control.Stop();
        await done.WaitAsync(Patience);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task What_was_taken_of_a_revoked_partition_and_not_pushed_is_dropped()
    {
        var (control, pulled) = Plain().ToMaterialized(Queue<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0, Lane1);
        _client.Fetch(Lane0, 0, 10);
        // The sink has one, the second of its chunk and another chunk wait for demand.
        await UntilAsync(() => _client.Waiting(Lane0) == 6);

        await _client.RevokeAsync(Lane0);
        _client.Fetch(Lane1, 100, 1);

        Assert.Equal(new TopicPartitionOffset(Lane0, 0), (await pulled.PullAsync()).Value.TopicPartitionOffset);
        Assert.Equal(new TopicPartitionOffset(Lane1, 100), (await pulled.PullAsync()).Value.TopicPartitionOffset);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stream_that_does_not_finish_holds_a_revocation_no_longer_than_it_may_and_commits_nothing_afterwards()
    {
        _settings = _settings with { RevocationTimeout = TimeSpan.FromMilliseconds(100) };
        var step = new Steps();
        var (control, done) = Committable().SelectAsync(2, step.DoAsync).Select(ICommittable (m) => m.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxBatch = 1 }), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, 2);
        await step.BegunAsync(2);

        await _client.RevokeAsync(Lane0);
        step.FinishAll();
        control.Stop();
        await done.WaitAsync(Patience);
        await control.Shutdown().WaitAsync(Patience);

        Assert.Equal(2, step.Done);
        Assert.Empty(_client.Committed);
    }

    [Fact]
    public async Task A_partition_is_not_given_up_while_a_commit_of_it_is_on_its_way()
    {
        var gate = new TaskCompletionSource();
        _client.CommitGate = gate.Task;
        var (control, _) = Committable().Select(ICommittable (m) => m.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxBatch = 1 }), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, 1);
        await UntilAsync(() => control.Metrics.Single().Position == 1 && _client.Waiting(Lane0) == 0);

        var revoked = _client.RevokeAsync(Lane0);
        Assert.NotSame(revoked, await Task.WhenAny(revoked, Task.Delay(200)));
        gate.SetResult();
        await revoked;

        Assert.Equal([new TopicPartitionOffset(Lane0, 1)], _client.Committed);
        await control.Shutdown().WaitAsync(Patience);
        Assert.Single(_client.Committed);
    }

    [Fact]
    public async Task Of_a_partition_that_was_lost_nothing_is_committed_nor_waited_for()
    {
        var step = new Steps();
        var (control, done) = Committable().SelectAsync(2, step.DoAsync).Select(ICommittable (m) => m.Offset)
            .ToMaterialized(Committer.Sink(new CommitterSettings { MaxInterval = TimeSpan.FromHours(1) }), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, 2);
        await step.BegunAsync(2);

        await _client.LoseAsync(Lane0);
        step.FinishAll();
        control.Stop();
        await done.WaitAsync(Patience);
        await control.Shutdown().WaitAsync(Patience);

        Assert.Empty(_client.Committed);
    }

    [Fact]
    public async Task A_revoked_partitions_source_completes_and_the_partition_can_come_back()
    {
        var (control, sources) = Partitioned(KafkaConsumer.Batched()).ToMaterialized(Queue<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        var first = (await sources.PullAsync()).Value.Source.RunWith(Sink.Ignore<RecordBatch>(), log.Materializer);
        await _client.RevokeAsync(Lane0);
        await first.WaitAsync(Patience);

        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 40, 1);
        using var batch = await (await sources.PullAsync()).Value.Source.RunWith(Sink.First<RecordBatch>(), log.Materializer).WaitAsync(Patience);

        Assert.Equal((40L, 41L), (batch.FirstOffset, batch.NextOffset));
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_partition_that_nobody_has_begun_to_read_is_given_up_at_once()
    {
        var (control, sources) = Partitioned(KafkaConsumer.CommittableBatched()).ToMaterialized(Queue<PartitionSource<CommittableBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        var source = (await sources.PullAsync()).Value.Source;

        await _client.RevokeAsync(Lane0);

        await source.RunWith(Sink.Ignore<CommittableBatch>(), log.Materializer).WaitAsync(Patience);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task Who_keeps_its_own_account_says_where_partitions_start_and_finishes_before_they_are_given_up()
    {
        var finished = new TaskCompletionSource();
        IReadOnlyList<TopicPartition> told = [];
        var (control, _) = Partitioned(KafkaConsumer.Batched() with
        {
            OffsetsOnAssign = (lanes, _) => Task.FromResult<IReadOnlyList<TopicPartitionOffset>>([new TopicPartitionOffset(Lane1, 77)]),
            OnRevoke = lanes =>
            {
                told = lanes;
                return finished.Task;
            },
        }).ToMaterialized(Sink.Ignore<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);

        // One that is left out is not read, but it is this member's all the same.
        Assert.Equal([new TopicPartitionOffset(Lane1, 77), new TopicPartitionOffset(Lane0, Offset.End)], await _client.AssignAsync(Lane0, Lane1));
        _client.Fetch(Lane0, 0, 10);
        var revoked = _client.RevokeAsync(Lane0, Lane1);
        Assert.NotSame(revoked, await Task.WhenAny(revoked, Task.Delay(100)));
        Assert.True(await control.CommitAsync(new TopicPartitionOffset(Lane1, 90), CancellationToken.None));
        Assert.Equal(10, _client.Waiting(Lane0));
        finished.SetResult();
        await revoked;

        Assert.Equal([Lane0, Lane1], told);
        Assert.False(await control.CommitAsync(new TopicPartitionOffset(Lane1, 91), CancellationToken.None));
        Assert.Equal([new TopicPartitionOffset(Lane1, 90)], _client.Committed);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task What_goes_wrong_before_a_partition_starts_fails_the_stream_with_it()
    {
        var (control, done) = Partitioned(KafkaConsumer.Batched() with
        {
            OffsetsOnAssign = (_, _) => Task.FromException<IReadOnlyList<TopicPartitionOffset>>(new InvalidOperationException("the chain is unreadable")),
        }).ToMaterialized(Sink.Ignore<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);

        Assert.Empty(await _client.AssignAsync(Lane0));

        Assert.Equal("the chain is unreadable", (await Assert.ThrowsAsync<InvalidOperationException>(() => done.WaitAsync(Patience))).Message);
        await control.IsShutdown.WaitAsync(Patience);
        await _client.Disposed;
    }

    [Fact]
    public async Task A_client_that_fails_fails_the_stream_by_name_and_is_freed()
    {
        var (control, done) = Plain().ToMaterialized(Sink.Ignore<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Throw(ErrorCode.TopicAuthorizationFailed);

        Assert.Contains("t can't be read", (await Assert.ThrowsAsync<LogException>(() => done.WaitAsync(Patience))).Message, StringComparison.Ordinal);
        await control.IsShutdown.WaitAsync(Patience);
        await _client.Disposed;
    }

    [Fact]
    public async Task A_partition_that_cannot_be_read_fails_its_source_with_lane_and_offset()
    {
        var (control, sources) = Partitioned(KafkaConsumer.Batched()).ToMaterialized(Queue<PartitionSource<RecordBatch>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane1);
        _client.Fetch(Lane1, 5, 1);
        var done = (await sources.PullAsync()).Value.Source.RunForeach(batch => batch.Dispose(), log.Materializer);
        await UntilAsync(() => control.Metrics.Single().Position == 6);
        _client.Fail(Lane1, ErrorCode.OffsetOutOfRange);

        Assert.Contains("Lane 1 of t can't be read at offset 6", (await Assert.ThrowsAsync<LogException>(() => done.WaitAsync(Patience))).Message, StringComparison.Ordinal);
        await control.Shutdown().WaitAsync(Patience);
    }

    [Theory]
    [InlineData(Directive.Stop)]
    [InlineData(Directive.Resume)]
    public async Task A_record_that_is_not_of_its_type_fails_the_stream_or_is_left_out_as_supervision_says(Directive directive)
    {
        var numbers = new ConsumerSettings<string, int>(_settings.Kafka, "g") { ValueDeserializer = new Digits() };
        var (control, values) = Source.FromGraph(new ConsumerStage<ConsumeResult<string, int>>(() => Session(numbers, KafkaConsumer.Plain(numbers))))
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(_ => directive))
            .Select(record => record.Message.Value)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 0, "1");
        _client.Fetch(Lane0, 1, "two");
        _client.Fetch(Lane0, 2, "3");

        if (directive == Directive.Stop)
        {
            var error = await Assert.ThrowsAsync<LogException>(() => values.WaitAsync(Patience));
            Assert.Contains("The value at offset 1 of lane 0 of t is no Int32", error.Message, StringComparison.Ordinal);
            return;
        }

        await UntilAsync(() => control.Metrics.Single().Position == 3);
        control.Stop();
        Assert.Equal([1, 3], await values.WaitAsync(Patience));
        await control.Shutdown().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_consumer_tells_its_position_lag_and_queue_and_its_meter_does()
    {
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == PipelineMetrics.Name) listener.EnableMeasurementEvents(instrument); } };
        var seen = new Dictionary<string, long>();
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new KeyValuePair<string, object?>("group", "metered")))
                seen[instrument.Name] = value;
        });
        meters.Start();
        _settings = _settings with { GroupId = "metered" };
        var (control, pulled) = Plain().ToMaterialized(Queue<ConsumeResult<string, string>>(), Keep.Both).Run(log.Materializer);
        await _client.AssignAsync(Lane0);
        _client.Fetch(Lane0, 90, 10);
        Assert.True((await pulled.PullAsync()).HasValue);
        await UntilAsync(() => _client.Waiting(Lane0) == 6);

        Assert.Equal(new PartitionMetrics(Lane0, 94, 100, 6), Assert.Single(control.Metrics));
        Assert.Equal(6, control.Metrics[0].Lag);
        meters.RecordObservableInstruments();
        Assert.Equal((6, 6), (seen["stockactors.consume.lag"], seen["stockactors.consume.queue"]));
        await control.Shutdown().WaitAsync(Patience);
        Assert.Empty(control.Metrics);
    }

    private ConsumerSession<T> Session<T>(ConsumerSettings settings, SessionHooks<T> hooks) => new(settings, Subscriptions.Topics("t"), hooks, rebalances =>
    {
        _client.Rebalances = rebalances;
        return _client;
    }, TimeProvider.System);

    private Source<ConsumeResult<string, string>, IControl> Plain() =>
        Source.FromGraph(new ConsumerStage<ConsumeResult<string, string>>(() => Session(_settings, KafkaConsumer.Plain(_settings))));

    private Source<CommittableMessage<string, string>, IControl> Committable() =>
        Source.FromGraph(new ConsumerStage<CommittableMessage<string, string>>(() => Session(_settings, KafkaConsumer.Committable(_settings))));

    private Source<PartitionSource<T>, IControl> Partitioned<T>(SessionHooks<T> hooks) =>
        Source.FromGraph(new PartitionedStage<T>(() => Session(_settings, hooks)));

    private static Sink<T, ISinkQueue<T>> Queue<T>() => Sink.Queue<T>().WithAttributes(Attributes.CreateInputBuffer(1, 1));

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var limit = DateTime.UtcNow + Patience; !holds(); await Task.Delay(5))
            Assert.True(DateTime.UtcNow < limit, "What was waited for did not come.");
    }

    private sealed class Digits : IDeserializer<int>
    {
        public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => int.Parse(data);
    }

    /// <summary>A step of the stream that the test finishes.</summary>
    private sealed class Steps
    {
        private readonly Lock _gate = new();
        private readonly Queue<TaskCompletionSource> _begun = new();
        private readonly List<(TopicPartition, long)> _values = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _finishAll;
        private int _count;

        public int Done { get; private set; }

        public IReadOnlyList<(TopicPartition, long)> Values
        {
            get
            {
                lock (_gate)
                    return [.. _values];
            }
        }

        public async Task<CommittableMessage<string, string>> DoAsync(CommittableMessage<string, string> message)
        {
            var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _values.Add((message.Record.TopicPartition, message.Record.Offset.Value));
                _count++;
                if (_finishAll)
                    finished.SetResult();
                else
                    _begun.Enqueue(finished);
                var changed = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                changed.SetResult();
            }

            await finished.Task;
            lock (_gate)
                Done++;
            return message;
        }

        public async Task BegunAsync(int count)
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_count >= count)
                        return;
                    changed = _changed.Task;
                }

                await changed.WaitAsync(Patience);
            }
        }

        public void Finish()
        {
            lock (_gate)
            {
                if (_begun.TryDequeue(out var first))
                    first.SetResult();
            }
        }

        public void FinishAll()
        {
            lock (_gate)
            {
                _finishAll = true;
                while (_begun.TryDequeue(out var begun))
                    begun.SetResult();
            }
        }
    }
}

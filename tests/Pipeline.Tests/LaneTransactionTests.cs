using Confluent.Kafka;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

/// <summary>What the publisher makes of each outcome that a transaction can have.</summary>
public sealed class LaneTransactionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly StoppedTime _time = new();

    [Fact]
    public async Task The_progress_is_the_last_record_of_the_transaction()
    {
        var client = new FakeLaneClient();
        await Publisher(client).PublishAsync([Step(0, 3), Step(1, 2)]);

        Assert.Equal(["t", "t", "t", "t", "t", "t.progress"], client.Committed.Select(r => r.Topic));
        Assert.Equal([1, 2, 3, 1, 2], Sequences(client));
        Assert.Equal(1, LaneProgressWire.Decode(client.Committed[^1].Value).Time);
    }

    [Fact]
    public async Task What_was_done_to_the_markets_stands_between_the_ticks_and_the_progress_of_the_transaction()
    {
        var client = new FakeLaneClient();
        var halt = new Market.Intervention("run", 0, "fault:S000:4", "S000", Market.InterventionKind.Halt, "fault", 0);
        await Publisher(client).PublishAsync([EmbeddedLog.Step("run", 0, 0, 1, 3, halt), Step(1, 1)]);

        Assert.Equal(["t", "t", "t", "t", "t.progress", "t.progress"], client.Committed.Select(r => r.Topic));
        Assert.Equal(halt, InterventionWire.Decode(client.Committed[^2].Value));
        Assert.Equal(1, LaneProgressWire.Decode(client.Committed[^1].Value).Time);
    }

    [Fact]
    public async Task A_commit_of_unknown_outcome_is_asked_again_and_nothing_is_produced_again()
    {
        var client = new FakeLaneClient { On = { ["commit"] = Until(4, () => throw new KafkaRetriableException(new Error(ErrorCode.Local_TimedOut))) } };
        await Publisher(client).PublishAsync([Step(0, 5)]);

        Assert.Equal(["begin", "produce", "produce", "commit", "commit", "commit", "commit"], client.Calls);
        Assert.Equal([1, 2, 3, 4, 5], Sequences(client));
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_learnt_in_time_ends_the_lane_without_a_guess()
    {
        var client = new FakeLaneClient();
        client.On["commit"] = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(1.5));
            throw new KafkaRetriableException(new Error(ErrorCode.Local_TimedOut));
        };

        var error = await Assert.ThrowsAsync<LogException>(() => Publisher(client).PublishAsync([Step(0, 1)]));

        Assert.Contains("commit a transaction within 45 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(30, client.Calls.Count(c => c == "commit"));
        Assert.DoesNotContain("abort", client.Calls);
    }

    [Fact]
    public async Task One_that_slept_in_a_commit_asks_again_and_hears_that_it_was_fenced()
    {
        var client = new FakeLaneClient();
        client.On["commit"] = call =>
        {
            if (call > 1)
                throw new KafkaException(new Error(ErrorCode.Local_Fenced, "fenced", isFatal: true));
            _time.Advance(TimeSpan.FromHours(1));
            throw new KafkaRetriableException(new Error(ErrorCode.Local_TimedOut));
        };

        await Assert.ThrowsAsync<LaneFencedException>(() => Publisher(client).PublishAsync([Step(0, 1)]));
    }

    [Theory]
    [InlineData("produce")]
    [InlineData("commit")]
    public async Task What_fails_before_the_commit_is_rolled_back_and_says_so(string call)
    {
        var client = new FakeLaneClient { On = { [call] = Until(2, () => throw new KafkaTxnRequiresAbortException(new Error(ErrorCode.TopicAuthorizationFailed, "no right"))) } };
        using var publisher = Publisher(client);

        var error = await Assert.ThrowsAsync<LogException>(() => publisher.PublishAsync([Step(0, 2)]));

        Assert.Contains("rolled back: no right", error.Message, StringComparison.Ordinal);
        Assert.Equal("abort", client.Calls[^1]);
        Assert.Empty(client.Committed);
    }

    [Theory]
    [InlineData("init", ErrorCode.ProducerFenced)]
    [InlineData("begin", ErrorCode.Local_Fenced)]
    [InlineData("commit", ErrorCode.Local_Fenced)]
    [InlineData("commit", ErrorCode.InvalidProducerEpoch)]
    [InlineData("abort", ErrorCode.Local_Fenced)]
    public async Task A_publisher_that_was_fenced_says_so_and_gives_the_client_nothing_more(string call, ErrorCode code)
    {
        var client = new FakeLaneClient { On = { [call] = _ => throw new KafkaException(new Error(code, "fenced", isFatal: true)) } };
        if (call == "abort")
            client.On["produce"] = _ => throw new KafkaException(new Error(ErrorCode.Local_Fatal));
        using var publisher = Publisher(client);

        await Assert.ThrowsAsync<LaneFencedException>(async () =>
        {
            await publisher.FenceAsync(CancellationToken.None);
            await publisher.PublishAsync([Step(0, 2)]);
        });
        var before = client.Calls.Count;
        client.On.Clear();
        await Assert.ThrowsAsync<LaneFencedException>(() => publisher.PublishAsync([Step(1, 2)]));

        Assert.Equal(before, client.Calls.Count);
        Assert.Empty(client.Committed);
    }

    [Fact]
    public async Task A_full_queue_is_waited_for_and_every_record_goes_once()
    {
        var client = new FakeLaneClient { Room = 7 };
        await Publisher(client).PublishAsync([Step(0, 100)]);

        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), Sequences(client));
        Assert.Equal(14, client.Calls.Count(c => c == "await room"));
    }

    [Fact]
    public async Task Disposing_ends_the_wait_for_a_full_queue()
    {
        var client = new FakeLaneClient { Room = 0 };
        var publisher = Publisher(client);
        client.On["await room"] = Until(4, () => { }, publisher.Dispose);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publisher.PublishAsync([Step(0, 1)]));

        Assert.Equal("dispose", client.Calls[^1]);
        Assert.DoesNotContain("commit", client.Calls);
    }

    [Fact]
    public async Task Nothing_is_begun_before_the_window_has_room()
    {
        var client = new FakeLaneClient();
        var window = new LaneWindow(100);
        await window.TakeAsync(100, CancellationToken.None);
        var publishing = Publisher(client, window).PublishAsync([Step(0, 1)]);
        Assert.Empty(client.Calls);

        window.Give(100);
        await publishing.WaitAsync(Patience);

        Assert.Single(Sequences(client));
    }

    [Fact]
    public async Task Disposing_ends_the_wait_for_the_window()
    {
        var client = new FakeLaneClient();
        var window = new LaneWindow(100);
        await window.TakeAsync(100, CancellationToken.None);
        var publisher = Publisher(client, window);
        var publishing = publisher.PublishAsync([Step(0, 1)]);

        publisher.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.WaitAsync(Patience));
        Assert.Equal(["dispose"], client.Calls);
    }

    [Fact]
    public async Task The_client_is_not_freed_under_a_call_that_is_in_it()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var client = new FakeLaneClient
        {
            On =
            {
                ["commit"] = _ =>
                {
                    entered.Set();
                    Assert.True(leave.Wait(Patience));
                },
            },
        };
        var publisher = Publisher(client);
        var publishing = publisher.PublishAsync([Step(0, 1)]);
        Assert.True(entered.Wait(Patience));

        publisher.Dispose();
        publisher.Dispose();
        Assert.DoesNotContain("dispose", client.Calls);
        leave.Set();
        await publishing;

        Assert.Equal(["commit", "dispose"], client.Calls.TakeLast(2));
        Assert.Single(client.Calls, "dispose");
    }

    private LanePublisher Publisher(FakeLaneClient client, LaneWindow? window = null) =>
        new(new PublisherSettings(new KafkaSettings("nowhere", new Dictionary<string, string>()), "test"), "t", 0, window, client, _time);

    private static Market.TickBatch Step(long time, int count) => EmbeddedLog.Step("run", 0, time, 1, count);

    /// <summary>Does something each time before a call's n-th, and something else from then on.</summary>
    private static Action<int> Until(int n, Action before, Action? after = null) => times =>
    {
        if (times < n)
            before();
        else
            after?.Invoke();
    };

    private static IEnumerable<long> Sequences(FakeLaneClient client)
    {
        var decoder = new TickDecoder();
        return client.Committed.Where(r => r.Topic == "t").Select(r =>
        {
            Assert.True(decoder.TryDecode(r.Value, out var tick, out var reason), reason);
            return tick.Sequence!.Value;
        });
    }

    private sealed class StoppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}

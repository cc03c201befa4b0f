using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Node.Markets;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;
using StockActors.Simulator;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Tests;

namespace StockActors.Node.Tests;

/// <summary>A lane's actor with its markets on an embedded broker.</summary>
public sealed class LaneActorTests : TestKit, IAsyncLifetime
{
    private const string Failing = "S001";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly MarketRun _run = new("run", 3, TradingDay.OnOrAfter(new DateOnly(2026, 1, 5)), 200, "ticks", 1, [.. Enumerable.Range(0, 4).Select(Market)]);
    private KafkaLog _kafka = null!;
    private RunLog _log = null!;

    private KafkaSettings Kafka => new(_broker.BootstrapServers, new Dictionary<string, string>());

    public async Task InitializeAsync()
    {
        _kafka = await KafkaLog.ConnectAsync(Kafka, _broker, CancellationToken.None);
        var topic = await _kafka.EnsureAsync(_run.Topic, _run.Lanes, CancellationToken.None);
        foreach (var feed in TickFeeds.Beside)
            await _kafka.EnsureBesideAsync(topic, feed, CancellationToken.None);
        _log = new RunLog(_kafka, topic, _run.RunId);
    }

    public async Task DisposeAsync()
    {
        await Sys.Terminate();
        _kafka.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_lane_whose_publisher_fails_starts_again_and_the_log_has_every_sequence_once()
    {
        var publishers = new List<LanePublisher>();
        var tally = new LaneTally();
        var lane = Sys.ActorOf(LaneActor.Props(0, _run, _log, Open, tally));
        lane.Tell(new LaneActor.Start(0));

        await AwaitConditionAsync(() => Task.FromResult(tally.Read().Acknowledged.Total > 300), TimeSpan.FromSeconds(30));
        publishers[0].Dispose();
        await AwaitConditionAsync(() => Task.FromResult(publishers.Count == 2 && tally.Read().Time > 0), TimeSpan.FromSeconds(30));
        var failedAt = tally.Read().Acknowledged.Total;
        await AwaitConditionAsync(() => Task.FromResult(tally.Read().Acknowledged.Total > failedAt + 300), TimeSpan.FromSeconds(30));
        lane.Tell(new LaneActor.Drain(0));
        await tally.Finished.WaitAsync(TimeSpan.FromSeconds(30));

        var state = tally.Read();
        Assert.Equal(state.Emitted, state.Acknowledged);
        var sequences = await SequencesAsync();
        Assert.Equal(state.Acknowledged.Total, sequences.Values.Sum(list => (long)list.Count));
        Assert.All(sequences.Values, list => Assert.Equal(Enumerable.Range(1, list.Count).Select(n => (long)n), list));

        LanePublisher Open()
        {
            var publisher = NewPublisher();
            publishers.Add(publisher);
            return publisher;
        }
    }

    [Fact]
    public async Task A_run_with_other_symbols_than_it_has_published_stops_by_name()
    {
        await PublishSomeAsync(_run);

        var tally = new LaneTally();
        var lane = Sys.ActorOf(LaneActor.Props(0, _run with { Markets = [.. Enumerable.Range(0, 5).Select(Market)] }, _log, NewPublisher, tally));
        lane.Tell(new LaneActor.Start(0));

        var error = await Assert.ThrowsAsync<LogException>(() => tally.Finished.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("--run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_another_seed_than_it_was_published_with_stops_by_name()
    {
        await PublishSomeAsync(_run);

        var tally = new LaneTally();
        var lane = Sys.ActorOf(LaneActor.Props(0, _run with { Seed = 4 }, _log, NewPublisher, tally));
        lane.Tell(new LaneActor.Start(0));

        var error = await Assert.ThrowsAsync<LogException>(() => tally.Finished.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("does not come to what the run has published", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbol_whose_market_fails_is_halted_until_it_is_resumed_and_every_lane_that_goes_on_publishes_what_one_alone_would_have()
    {
        var from = _run.FirstDay.Open + (90 * UnixNanos.PerSecond);
        var (failing, tally) = Lane(advance => advance.Until > from ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None);
        var halted = await HaltedAsync(failing);
        Assert.Equal((from, "fault"), (halted.HaltedAt, halted.Reason));
        await MoreAsync(tally, 300);
        await EndAsync(failing, tally);
        Assert.Equal(await ExpectedAsync(), await PublishedAsync());

        // One that starts elsewhere keeps it halted, whatever its market would do there.
        (var sound, tally) = Lane(_ => FlakyMarket.Fault.None);
        await MoreAsync(tally, 300);
        Assert.Equal(halted, await HaltedAsync(sound));
        var resumed = await sound.Ask<LaneActor.Done>(new LaneActor.Intervene(0, Failing, InterventionKind.Resume, "one"), Patience);
        Assert.Equal((Failing, "one"), (resumed.Symbol, resumed.Id));
        Assert.True(resumed.Time > from);
        await MoreAsync(tally, 300);
        Assert.Equal(resumed, await sound.Ask<LaneActor.Done>(new LaneActor.Intervene(0, Failing, InterventionKind.Resume, "one"), Patience));
        Assert.Contains("not halted", (await sound.Ask<LaneActor.Refused>(new LaneActor.Intervene(0, Failing, InterventionKind.Resume, "two"), Patience)).Why, StringComparison.Ordinal);
        await EndAsync(sound, tally);

        // One that starts after it all re-plays the day with its halt.
        (var third, tally) = Lane(_ => FlakyMarket.Fault.None);
        await MoreAsync(tally, 300);
        Assert.Equal(resumed, await third.Ask<LaneActor.Done>(new LaneActor.Intervene(0, Failing, InterventionKind.Resume, "one"), Patience));
        await EndAsync(third, tally);

        var published = await PublishedAsync();
        Assert.Equal(await ExpectedAsync(), published);
        var decoder = new TickDecoder();
        var status = published[(Failing, TickFeed.Ticks)].Select(value => decoder.TryDecode(Convert.FromHexString(value), out var tick, out _) ? tick : default)
            .Where(tick => tick.Kind == TickKind.Status).Select(tick => (tick.TsEvent, tick.Status.Action, tick.Status.Reason, tick.Status.IsTrading));
        Assert.Equal(
            [
                (_run.FirstDay.Open, StatusAction.Auction, "opening", false), (_run.FirstDay.Continuous, StatusAction.Open, "schedule", true), (from, StatusAction.Halt, "fault", (bool?)false), (resumed.Time, StatusAction.Resume, "operator", true),
            ],
            status);
    }

    [Fact]
    public async Task A_symbol_that_cannot_be_resumed_is_refused_with_what_is_the_matter()
    {
        var (lane, tally) = Lane(_ => FlakyMarket.Fault.Throws);
        Assert.Equal(_run.FirstDay.Open, (await HaltedAsync(lane)).HaltedAt);

        await RefusedAsync(Failing, "again", "told to fail");
        await RefusedAsync(Failing, "again", "told to fail");
        await RefusedAsync(Failing, $"fault:{Failing}:1", "--id");
        await RefusedAsync("S000", "x", "not halted");
        await RefusedAsync("NONE", "x", "no such symbol");
        await EndAsync(lane, tally);
        await RefusedAsync(Failing, "again", "publishes nothing more");
        Assert.Equal(await ExpectedAsync(), await PublishedAsync());

        async Task RefusedAsync(string symbol, string id, string why) =>
            Assert.Contains(why, (await lane.Ask<LaneActor.Refused>(new LaneActor.Intervene(0, symbol, InterventionKind.Resume, id), Patience)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_market_that_fails_is_restarted_alone_and_the_log_does_not_show_it()
    {
        var warnings = CreateTestProbe();
        Sys.EventStream.Subscribe(warnings, typeof(Warning));
        var asked = 0;
        var siblings = new ConcurrentQueue<(string Symbol, long Until)>();
        var (lane, tally) = Lane(
            _ => Interlocked.Increment(ref asked) is 5 or 30 or 31 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None,
            (symbol, advance) => siblings.Enqueue((symbol, advance.Until)));
        await MoreAsync(tally, 1_000);
        await EndAsync(lane, tally);

        Assert.True(asked > 31);
        Assert.Equal(siblings.Distinct(), siblings);
        Assert.Equal(await ExpectedAsync(), await PublishedAsync());
        Assert.Equal(
            ["failed", "caught up", "failed", "failed", "caught up"],
            Enumerable.Range(0, 5).Select(_ => $"{warnings.ExpectMsg<Warning>(w => $"{w.Message}".Contains(Failing)).Message}")
                .Select(line => line.Contains("told to fail", StringComparison.Ordinal) ? "failed" : line.Contains("caught up", StringComparison.Ordinal) ? "caught up" : line));
    }

    [Fact]
    public void What_an_operator_and_the_lanes_say_to_each_other_goes_between_processes()
    {
        object[] messages =
        [
            new LaneActor.Start(1), new LaneActor.Drain(1), new LaneActor.Show(2), new LaneActor.Intervene(2, Failing, InterventionKind.Resume, "one"), new LaneActor.Refused(Failing, "why"),
            new LaneActor.Done(Failing, "one", long.MaxValue - 1), new MarketControl.Show(), new MarketControl.Intervene(Failing, InterventionKind.Shock, "one", -7),
            new MarketControl.Shown("run", [new LaneActor.LaneShown(2, long.MaxValue - 1, [new(Failing, long.MaxValue - 1, "fault"), new("S000", null, null)], null)]),
        ];
        foreach (var message in messages)
        {
            var serializer = Sys.Serialization.FindSerializerFor(message);
            Assert.Equivalent(message, serializer.FromBinary(serializer.ToBinary(message), message.GetType()), strict: true);
        }
    }

    private (IActorRef Lane, LaneTally Tally) Lane(Func<MarketActor.Advance, FlakyMarket.Fault> faults, Action<string, MarketActor.Advance>? sibling = null)
    {
        var tally = new LaneTally();
        var lane = Sys.ActorOf(LaneActor.Props(0, _run, _log, NewPublisher, tally, spec =>
        {
            var real = MarketActor.Props(spec, _run.RunId, _run.Seed);
            return FlakyMarket.Props(real, spec.Symbol == Failing ? faults : advance =>
            {
                sibling?.Invoke(spec.Symbol, advance);
                return FlakyMarket.Fault.None;
            });
        }));
        return (lane, tally);
    }

    private async Task<LaneActor.MarketShown> HaltedAsync(IActorRef lane)
    {
        LaneActor.MarketShown? halted = null;
        await AwaitConditionAsync(async () =>
        {
            var shown = await lane.Ask<LaneActor.LaneShown>(new LaneActor.Show(0), Patience);
            return (halted = shown.Markets.SingleOrDefault(m => m.HaltedAt is not null)) is not null;
        }, Patience);
        Assert.Equal(Failing, halted!.Symbol);
        return halted;
    }

    private async Task MoreAsync(LaneTally tally, long ticks)
    {
        var until = tally.Read().Acknowledged.Total + ticks;
        await AwaitConditionAsync(() => Task.FromResult(tally.Read().Acknowledged.Total > until), Patience);
    }

    private static async Task EndAsync(IActorRef lane, LaneTally tally)
    {
        lane.Tell(new LaneActor.Drain(0));
        await tally.Finished.WaitAsync(Patience);
    }

    private static MarketSpec Market(int index) => MarketSpec.Default(index) with { TellsOrders = true, TellsTruth = true };

    /// <summary>What follows from seed, day and interventions alone, each symbol's records of each feed in hexadecimal digits.</summary>
    private async Task<Dictionary<(string Symbol, TickFeed Feed), List<string>>> ExpectedAsync()
    {
        var (progress, interventions, _) = await ProgressReader.ReadAsync(_kafka, _run.Topic, 0, _run.RunId, CancellationToken.None);
        var expected = new Dictionary<(string, TickFeed), List<string>>();
        foreach (var spec in _run.Markets)
        {
            using var ticks = new TickBuffer();
            var engine = new MarketEngine(spec, _run.RunId, _run.Seed, _run.FirstDay, spec.AtFirstOpen);
            foreach (var intervention in interventions.Where(i => i.Symbol == spec.Symbol))
                engine.Apply(intervention, ticks);
            engine.Advance(progress!.Time, ticks);
            foreach (var feed in ticks.Ticks.ToArray().GroupBy(tick => TickFeeds.Of(tick.Kind)))
            {
                expected.Add((spec.Symbol, feed.Key), [.. feed.Select(tick =>
                {
                    var bytes = new ArrayBufferWriter<byte>();
                    TickEncoder.Encode(tick, WireFormat.Protobuf, bytes);
                    return Convert.ToHexString(bytes.WrittenSpan);
                })]);
            }
        }

        return expected;
    }

    private LanePublisher NewPublisher() => new(new PublisherSettings(Kafka, "test"), _run.Topic, 0);

    private async Task PublishSomeAsync(MarketRun run)
    {
        var tally = new LaneTally();
        var lane = Sys.ActorOf(LaneActor.Props(0, run, _log, NewPublisher, tally));
        lane.Tell(new LaneActor.Start(0));
        await AwaitConditionAsync(() => Task.FromResult(tally.Read().Acknowledged.Total > 100), TimeSpan.FromSeconds(30));
        lane.Tell(new LaneActor.Drain(0));
        await tally.Finished.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<Dictionary<(string Symbol, TickFeed Feed), List<long>>> SequencesAsync()
    {
        var decoder = new TickDecoder();
        return (await PublishedAsync()).ToDictionary(
            records => records.Key,
            records => records.Value.ConvertAll(value => decoder.TryDecode(Convert.FromHexString(value), out var tick, out _) ? tick.Sequence!.Value : 0));
    }

    /// <summary>The log's records by key and feed, in hexadecimal digits.</summary>
    private async Task<Dictionary<(string Symbol, TickFeed Feed), List<string>>> PublishedAsync()
    {
        var published = new Dictionary<(string, TickFeed), List<string>>();
        foreach (var feed in TickFeeds.All)
        {
            var topic = TickFeeds.TopicOf(_run.Topic, feed);
            var (_, high) = await _kafka.ExtentAsync(topic, 0, CancellationToken.None);
            if (high == 0)
                continue;
            await KafkaConsumer
                .BatchedPartitionedSource(new ConsumerSettings(Kafka, "reader"), Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(topic, 0, 0)))
                .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(1, lane => lane.Source))
                .TakeWhile(batch =>
                {
                    using (batch)
                    {
                        for (var i = 0; i < batch.Count; i++)
                        {
                            var key = (Encoding.UTF8.GetString(batch[i].Key), feed);
                            if (!published.TryGetValue(key, out var list))
                                published.Add(key, list = []);
                            list.Add(Convert.ToHexString(batch[i].Value));
                        }

                        return batch.NextOffset < high;
                    }
                })
                .RunWith(Sink.Ignore<RecordBatch>(), Sys.Materializer());
        }

        return published;
    }
}

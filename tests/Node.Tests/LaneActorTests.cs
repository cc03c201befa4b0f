using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Node.Markets;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Tests;

/// <summary>A lane's actor with its markets on an embedded broker.</summary>
public sealed class LaneActorTests : TestKit, IAsyncLifetime
{
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly MarketRun _run = new("run", 3, TradingDay.OnOrAfter(new DateOnly(2026, 1, 5)), 200, "ticks", 1, [.. Enumerable.Range(0, 4).Select(MarketSpec.Default)]);
    private KafkaLog _kafka = null!;
    private RunLog _log = null!;

    private KafkaSettings Kafka => new(_broker.BootstrapServers, new Dictionary<string, string>());

    public async Task InitializeAsync()
    {
        _kafka = await KafkaLog.ConnectAsync(Kafka, _broker, CancellationToken.None);
        _log = new RunLog(_kafka, await _kafka.EnsureAsync(_run.Topic, _run.Lanes, CancellationToken.None), _run.RunId);
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
        var lane = Sys.ActorOf(LaneActor.Props(0, _run with { Markets = [.. Enumerable.Range(0, 5).Select(MarketSpec.Default)] }, _log, NewPublisher, tally));
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

    private async Task<Dictionary<string, List<long>>> SequencesAsync()
    {
        var (_, high) = await _kafka.ExtentAsync(_run.Topic, 0, CancellationToken.None);
        var decoder = new TickDecoder();
        var sequences = new Dictionary<string, List<long>>();
        await using var session = ConsumerSession.Assign(Kafka, _run.Topic, [new LaneOffset(_run.Topic, 0, 0)]);
        await session.Lanes.MergeMany(1, lane => lane.Records).RunForeach(batch =>
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    Assert.True(decoder.TryDecode(batch[i].Value, out var tick, out var reason), reason);
                    if (!sequences.TryGetValue(tick.Symbol, out var list))
                        sequences.Add(tick.Symbol, list = []);
                    list.Add(tick.Sequence!.Value);
                }

                if (batch.NextOffset >= high)
                    session.Stop();
            }
        }, Sys.Materializer());
        return sequences;
    }
}

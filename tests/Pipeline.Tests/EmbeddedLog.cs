using System.Buffers;
using Akka.Actor;
using Akka.Streams;
using StockActors.Market;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

/// <summary>An embedded broker and an actor system, one for all tests of a class; each test has a topic of its own.</summary>
public sealed class EmbeddedLog : IAsyncLifetime
{
    private int _topics;

    public EmbeddedBroker Broker { get; } = EmbeddedBroker.Start();

    public KafkaSettings Kafka => new(Broker.BootstrapServers, new Dictionary<string, string>());

    public KafkaLog Log { get; private set; } = null!;

    public ActorSystem System { get; } = ActorSystem.Create("pipeline-tests", "akka.loglevel = WARNING");

    public ActorMaterializer Materializer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Log = await KafkaLog.ConnectAsync(Kafka, Broker, CancellationToken.None);
        Materializer = System.Materializer();
    }

    public async Task DisposeAsync()
    {
        await System.Terminate();
        Log.Dispose();
        Broker.Dispose();
    }

    public Task<LogTopic> TopicAsync(int lanes) => Log.EnsureAsync($"t{Interlocked.Increment(ref _topics)}", lanes, CancellationToken.None);

    /// <summary>A step of quotes of one symbol, sequences from a first on, at a simulated time.</summary>
    public static TickBatch Step(string run, int lane, long time, long firstSequence, int count, params Intervention[] interventions)
    {
        var ticks = ArrayPool<Tick>.Shared.Rent(Math.Max(1, count));
        for (var i = 0; i < count; i++)
        {
            ticks[i] = new Tick
            {
                Kind = TickKind.Quote,
                Source = TickSource.Sim,
                Symbol = "S000",
                RunId = run,
                TsEvent = time,
                Sequence = firstSequence + i,
                Book = new BestBidOffer(new BookLevel(Price.One, 1, 1), null),
            };
        }

        return TickBatch.Own(ticks, count, new LaneProgress(run, lane, time, [new MarketPosition("S000", firstSequence + count, 1, Price.One, 7)]), interventions);
    }
}

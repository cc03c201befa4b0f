using Akka.Actor;
using StockActors.Market;

namespace StockActors.Node.Markets;

/// <summary>
/// Where an operator reaches the run's lanes: every node with the role market has it at a fixed path, and hands on what it is asked to the lanes, wherever
/// in the cluster they are. Who asks need not be of the cluster.
/// </summary>
internal sealed class MarketControl : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "markets";

    private static readonly TimeSpan LaneTimeout = TimeSpan.FromSeconds(3);

    public MarketControl(MarketRun run, IReadOnlyList<int> lanes, IActorRef region)
    {
        Receive<Show>(_ => ShowAsync(run.RunId, lanes, region).PipeTo(Sender));
        Receive<Intervene>(asked =>
        {
            if (run.Markets.All(market => market.Symbol != asked.Symbol))
                Sender.Tell(new LaneActor.Refused(asked.Symbol, $"run {run.RunId} has no such symbol; 'stockactors market show' lists those it has"));
            else
                region.Forward(new LaneActor.Intervene(Lanes.Of(asked.Symbol, run.Lanes), asked.Symbol, asked.Kind, asked.Id, asked.Size));
        });
    }

    /// <param name="run">The run.</param>
    /// <param name="lanes">Those of its lanes that have symbols.</param>
    /// <param name="region">The lanes' shard region.</param>
    public static Props Props(MarketRun run, IReadOnlyList<int> lanes, IActorRef region) => Akka.Actor.Props.Create(() => new MarketControl(run, lanes, region));

    private static async Task<Shown> ShowAsync(string runId, IReadOnlyList<int> lanes, IActorRef region) =>
        new(runId, await Task.WhenAll(lanes.Select(lane => ShowAsync(lane, region))));

    private static async Task<LaneActor.LaneShown> ShowAsync(int lane, IActorRef region)
    {
        try
        {
            return await region.Ask<LaneActor.LaneShown>(new LaneActor.Show(lane), LaneTimeout);
        }
        catch (AskTimeoutException)
        {
            return new LaneActor.LaneShown(lane, 0, [], "it does not answer: it is being taken over, or its node is gone");
        }
    }

    /// <summary>Asks what all symbols do; answered by <see cref="Shown"/>.</summary>
    public sealed record Show;

    /// <summary>Do something to a symbol; answered by <see cref="LaneActor.Done"/> or <see cref="LaneActor.Refused"/>.</summary>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="Kind">What.</param>
    /// <param name="Id">The intervention's id.</param>
    /// <param name="Size">A shock's size, in millionths.</param>
    public sealed record Intervene(string Symbol, InterventionKind Kind, string Id, long Size = 0);

    /// <summary>The run's lanes.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Lanes">Those that have symbols.</param>
    public sealed record Shown(string RunId, LaneActor.LaneShown[] Lanes);
}

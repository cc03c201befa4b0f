using Akka.Actor;
using Akka.Cluster;
using StockActors.Analytics;
using ClusterOptions = StockActors.Node.Configuration.ClusterOptions;

namespace StockActors.Node;

/// <summary>
/// Where a query is asked from anywhere in the cluster, or by who is not of it: every node has one at a fixed path, and hands on what it is asked to the
/// analytics actor of this node, or else of one of those that have the role. The answer comes from there.
/// </summary>
internal sealed class QueryGate : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "queries";

    /// <summary>The name of an analytics actor under <c>/user</c>.</summary>
    public const string Analytics = "analytics";

    private readonly Cluster _cluster = Cluster.Get(Context.System);

    /// <summary>Made by an actor system that is of a cluster.</summary>
    public QueryGate()
    {
        Receive<AnalyticsActor.Cancel>(cancel =>
        {
            // Whoever had it may not be the one that would have it now.
            foreach (var node in Nodes())
                At(node).Tell(cancel, Sender);
        });
        Receive<AnalyticsActor.ICommand>(command =>
        {
            var nodes = Nodes();
            if (nodes.Count == 0)
            {
                Sender.Tell(new AnalyticsActor.Failed(
                    command.Id, QueryFailure.Broken, $"no node of the cluster has the role {ClusterOptions.Analytics} and is up; start one with --roles {ClusterOptions.Analytics} and --lake"));
                return;
            }

            var own = nodes.IndexOf(_cluster.SelfAddress);
            At(nodes[own >= 0 ? own : (int)((uint)command.Id.GetHashCode() % nodes.Count)]).Tell(command, Sender);
        });
    }

    private List<Address> Nodes() =>
    [
        .. _cluster.State.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(ClusterOptions.Analytics))
            .Where(member => !_cluster.State.Unreachable.Contains(member)).Select(member => member.Address).OrderBy(address => $"{address}", StringComparer.Ordinal),
    ];

    private static ActorSelection At(Address node) => Context.ActorSelection(new RootActorPath(node) / "user" / Analytics);
}

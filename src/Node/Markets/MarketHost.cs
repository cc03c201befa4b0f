using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace StockActors.Node.Markets;

/// <summary>The market role: a shard region of lanes on a cluster node.</summary>
internal static class MarketHost
{
    /// <summary>The cluster role.</summary>
    public const string Role = "market";

    /// <summary>
    /// A cluster of one forms, and its first lane starts, within a fraction of a second; the defaults are made for nodes that are looking for each other.
    /// </summary>
    private const string Alone = """
        akka {
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 100ms
            periodic-tasks-initial-delay = 50ms
            sharding.retry-interval = 200ms
            sharding.coordinator-failure-backoff = 200ms
            singleton.hand-over-retry-interval = 200ms
            run-coordinated-shutdown-when-down = off
          }
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.exit-clr = off
        }
        """;

    /// <summary>A cluster of one.</summary>
    public static AkkaConfigurationBuilder WithClusterOfOne(this AkkaConfigurationBuilder akka, Configuration.ClusterOptions options) => akka
        .AddHocon(Alone, HoconAddMode.Prepend)
        .WithRemoting(options.Hostname, options.Port)
        .WithClustering(new Akka.Cluster.Hosting.ClusterOptions { Roles = [Role] })
        .AddStartup((system, _) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
        });

    /// <summary>Lanes as sharded entities.</summary>
    /// <param name="akka">The actor system's configuration.</param>
    /// <param name="lane">How to make a lane's actor; asked when the lane is started.</param>
    public static AkkaConfigurationBuilder WithLanes(this AkkaConfigurationBuilder akka, Func<int, Props> lane) => akka
        .WithShardRegion<LaneActor>("lane", (_, _, _) => entityId => lane(LaneExtractor.Lane(entityId)), new LaneExtractor(),
            new ShardOptions { Role = Role, StateStoreMode = Akka.Cluster.Sharding.StateStoreMode.DData, ShouldPassivateIdleEntities = false });
}

using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using StockActors.Pipeline;
using ClusterOptions = StockActors.Node.Configuration.ClusterOptions;

namespace StockActors.Node.Markets;

/// <summary>The cluster, and the market role in it: a shard region of lanes.</summary>
internal static class MarketHost
{
    /// <summary>The actor system's name, which all nodes of a cluster share.</summary>
    public const string SystemName = "stockactors";

    /// <summary>
    /// Where markets run: on threads of their own, one a core. A lane that is taken over has them all re-play a day at once, and what keeps the node in its
    /// cluster must not wait for that.
    /// </summary>
    public const string MarketDispatcher = "stockactors.markets";

    /// <summary>What is the same for a node alone and among others: lanes move promptly, and are remembered by the nodes that are there.</summary>
    private const string Common = """
        akka {
          # An idle node costs what its scheduler's ticks cost: at the default of 10 ms twice as much as all the rest.
          scheduler.tick-duration = 50ms
          cluster {
            periodic-tasks-initial-delay = 50ms
            sharding {
              retry-interval = 200ms
              coordinator-failure-backoff = 200ms
              rebalance-interval = 2s
              waiting-for-state-timeout = 2s
              updating-state-timeout = 2s
              least-shard-allocation-strategy { rebalance-absolute-limit = 1024, rebalance-relative-limit = 1.0 }
              distributed-data.durable.keys = []
            }
            singleton.hand-over-retry-interval = 200ms
          }
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.exit-clr = off
        }
        stockactors.markets {
          type = Dispatcher
          executor = fork-join-executor
          throughput = 1
          fork-join-executor { parallelism-min = 1, parallelism-factor = 1.0, parallelism-max = 64 }
        }
        """;

    /// <summary>A cluster of one forms, and its first lane starts, within a fraction of a second; the defaults are made for nodes that are looking for each other.</summary>
    private const string Alone = """
        akka.cluster {
          gossip-interval = 200ms
          leader-actions-interval = 100ms
          run-coordinated-shutdown-when-down = off
        }
        """;

    /// <summary>
    /// A node that was killed is unreachable after 3 s, downed after 2 s more, or 3 where a lease has to be waited for, and its lanes go on elsewhere well
    /// within 15 s. Who may go on in a split is settled by a lease that is kept in Kafka: the majority asks for it at once, others a second later; so of
    /// two nodes either one survives the other. Nothing is published twice whatever the cluster believes: a lane's publisher fences the one before.
    /// </summary>
    private const string Among = """
        akka {
          remote.retry-gate-closed-for = 500ms
          cluster {
            seed-node-timeout = 2s
            gossip-interval = 300ms
            leader-actions-interval = 300ms
            failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }
            down-removal-margin = 1ms
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver {
              active-strategy = lease-majority
              stable-after = 2s
              lease-majority {
                lease-implementation = stockactors.lease
                acquire-lease-delay-for-minority = 1s
                release-after = 10s
              }
            }
          }
        }
        stockactors.lease {
          lease-class = "StockActors.Node.Markets.KafkaLease, stockactors"
          heartbeat-timeout = 5s
          heartbeat-interval = 1s
          lease-operation-timeout = 10s
        }
        """;

    /// <summary>A cluster of one.</summary>
    public static AkkaConfigurationBuilder WithClusterOfOne(this AkkaConfigurationBuilder akka, ClusterOptions options) => akka
        .AddHocon(Alone, HoconAddMode.Prepend)
        .WithNode(options)
        .AddStartup((system, _) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
        });

    /// <summary>A node that can join others.</summary>
    /// <param name="akka">The actor system's configuration.</param>
    /// <param name="options">Address, seeds and roles.</param>
    /// <param name="lease">The record that the nodes' lease is kept in.</param>
    public static AkkaConfigurationBuilder WithCluster(this AkkaConfigurationBuilder akka, ClusterOptions options, Task<SharedRecord> lease) => akka
        .AddHocon(Among, HoconAddMode.Prepend)
        .AddSetup(new KafkaLeaseSetup(lease))
        .WithNode(options);

    /// <summary>Lanes as sharded entities.</summary>
    /// <param name="akka">The actor system's configuration.</param>
    /// <param name="lane">How to make a lane's actor; asked when the lane is started.</param>
    public static AkkaConfigurationBuilder WithLanes(this AkkaConfigurationBuilder akka, Func<int, Props> lane) => akka
        .WithShardRegion<LaneActor>("lane", (_, _, _) => entityId => lane(LaneExtractor.Lane(entityId)), new LaneExtractor(), new ShardOptions
        {
            Role = ClusterOptions.Market,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = true,
            RememberEntitiesStore = RememberEntitiesStore.DData,
            ShouldPassivateIdleEntities = false,
            HandOffStopMessage = LaneActor.HandOff.Instance,
        });

    private static AkkaConfigurationBuilder WithNode(this AkkaConfigurationBuilder akka, ClusterOptions options) => akka
        .AddHocon(Common, HoconAddMode.Prepend)
        .WithRemoting(options.Hostname, options.Port)
        .WithClustering(new Akka.Cluster.Hosting.ClusterOptions { Roles = [.. options.RoleSet] })
        .WithActors((system, _) => system.ActorOf(Props.Create(() => new QueryGate()), QueryGate.Name));
}

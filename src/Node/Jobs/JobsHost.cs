using Akka.Cluster.Hosting;
using Akka.Hosting;
using StockActors.Analytics.Jobs;
using ClusterOptions = StockActors.Node.Configuration.ClusterOptions;

namespace StockActors.Node.Jobs;

/// <summary>The cluster's one runner of jobs, on the oldest of the nodes with the role analytics.</summary>
internal static class JobsHost
{
    /// <param name="akka">The actor system's configuration.</param>
    /// <param name="scheduler">Makes what it runs; asked when this node's turn comes.</param>
    public static AkkaConfigurationBuilder WithJobs(this AkkaConfigurationBuilder akka, Func<JobScheduler> scheduler) => akka.WithSingleton<JobsActor>(
        "jobs",
        (_, _, _) => JobsActor.Props(scheduler),
        new ClusterSingletonOptions { Role = ClusterOptions.Analytics, TerminationMessage = JobsActor.Stop.Instance },
        createProxyToo: false);
}

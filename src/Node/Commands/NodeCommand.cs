using System.CommandLine;
using Akka.Actor;
using Akka.Cluster;
using StockActors.Node.Configuration;
using StockActors.Node.Jobs;
using StockActors.Node.Markets;
using StockActors.Node.Terminal;
using StockActors.Pipeline;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors node</c>: one node of a cluster.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var command = new Command("node",
            """
            One node of a cluster, until Ctrl+C (or SIGTERM): its lanes then go on elsewhere, and it leaves in order. The nodes share the lanes of a
            run: they move as nodes come and go, and whatever was killed, no sequence is missing and none comes twice. Every node is started with
            the same run, topic and seed nodes; the first of the seed nodes begins the cluster. It needs a Kafka (KAFKA_BOOTSTRAP_SERVERS).

            Example, on three machines:
              stockactors node --roles market --hostname 10.0.0.1 --port 4053 --seed-nodes 10.0.0.1:4053,10.0.0.2:4053
              stockactors node --roles market --hostname 10.0.0.2 --port 4053 --seed-nodes 10.0.0.1:4053,10.0.0.2:4053
              stockactors node --roles ingest --hostname 10.0.0.3 --port 4053 --seed-nodes 10.0.0.1:4053,10.0.0.2:4053 --lake ./lake
            """)
        {
            Flags.Roles("all of them"),
            new SettingFlag("--hostname", "Cluster:Hostname", "HOST", "The address that the others reach this node by (default 127.0.0.1)."),
            new SettingFlag("--port", "Cluster:Port", "PORT", "Its port (default: a free one)."),
            new SettingFlag("--seed-nodes", "Cluster:SeedNodes", "HOST:PORT,…", "Nodes to join by, the same list on every node (default: a cluster of its own)."),
            new SettingFlag("--join-timeout", "Cluster:JoinTimeout", "TIME", "How long to look for a seed node that answers (default 60s)."),
            Flags.Symbols(), Flags.Scenario(), Flags.Seed(), Flags.Speed(), Flags.Start(), Flags.Level(), Flags.Truth(), Flags.Run(), Flags.Prefix(), Flags.Wire(), Flags.Topic(), Flags.Lanes(), Flags.Lake(), Flags.Database(), Flags.FlushInterval(), Flags.MemoryBudget(), Flags.Jobs(), Flags.Kafka(),
        };
        command.SetAction(CommandHost.Action((_, context) => RunAsync(context)));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context)
    {
        var (settings, told) = (context.Settings, context.Out);
        var (options, roles) = (settings.Cluster, settings.Cluster.RoleSet);
        Broker.Require(settings.Kafka);
        var (isMarket, isAnalytics) = (roles.Contains(ClusterOptions.Market), roles.Contains(ClusterOptions.Analytics));
        if (isAnalytics)
            LakeJobs.Read(settings);
        Func<int, Props>? laneProps = null;
        LakeJobs? jobs = null;
        var faults = new List<string>();
        await using var platform = await Platform.StartAsync(settings, roles, told, (akka, log) =>
        {
            akka.WithCluster(options, LeaseAsync(settings, log));
            if (isMarket)
                akka.WithLanes(lane => laneProps!(lane));
            if (isAnalytics)
                akka.WithJobs(() => jobs!.Scheduler(fault => context.Error.WriteLine("error: " + fault)));
        }, stopped => Tell("error: " + stopped.Message), context.Stop);

        // A node that joins is given lanes, and the jobs, at once: what they are has to be known before.
        await using var opened = jobs = isAnalytics ? await LakeJobs.OpenAsync(settings, platform.Lake!, isScheduled: true, context.Stop) : null;
        var run = isMarket ? await LanesOfRun.BeginAsync(platform, settings, told, context.Stop) : null;
        laneProps = run is null ? null : run.Props;
        var cluster = Cluster.Get(platform.System);
        await JoinAsync(cluster, options, told, context.Stop);
        run?.Start();

        foreach (var (finished, lane) in run?.Finished.Select((task, lane) => (task, lane)) ?? [])
            _ = finished.ContinueWith(done => Fault(lane, done.Exception), TaskContinuationOptions.OnlyOnFaulted);
        await RunView.ShowAsync(platform, told, null, [.. platform.Parts, platform.System.WhenTerminated], context.Stop);
        if (platform.System.WhenTerminated.IsCompleted)
            throw new CommandException($"The cluster has put this node, {cluster.SelfAddress.HostPort()}, down: it could not be reached for a while, or is of the smaller part of a split. Its lanes go on elsewhere. Start it again.");

        told.WriteLine("Leaving: what was made is published, and the lanes go on elsewhere …");
        await ProgressLines.WhileAsync(platform.LeaveAsync(), told, () => "waiting for the lanes to be taken over");
        await Task.WhenAll(platform.Parts.Where(part => part.IsFaulted));
        return faults.Count == 0 ? CommandHost.Ok : CommandHost.Failed;

        void Fault(int lane, AggregateException? cause) => Tell($"error: lane {lane} has stopped on this node: {cause!.InnerException!.Message}");

        void Tell(string fault)
        {
            lock (faults)
                faults.Add(fault);
            context.Error.WriteLine(fault);
        }
    }

    private static async Task<SharedRecord> LeaseAsync(NodeSettings settings, Task<KafkaLog> log)
    {
        var connected = await log;
        var topic = await connected.EnsureLeaseAsync(settings.Kafka.Topic, CancellationToken.None);
        return new SharedRecord(settings.Publish.On(connected.Settings), connected, topic, "lease", "lease/cluster");
    }

    private static async Task JoinAsync(Cluster cluster, ClusterOptions options, TextWriter told, CancellationToken cancel)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        if (options.Seeds.Count == 0)
            cluster.Join(cluster.SelfAddress);
        else
            cluster.JoinSeedNodes(options.Seeds.Select(seed => Address.Parse($"akka.tcp://{MarketHost.SystemName}@{seed}")));
        try
        {
            await ProgressLines.WhileAsync(up.Task.WaitAsync(options.JoinTimeout.Span, cancel), told, () => $"looking for the cluster at {options.SeedNodes} …");
        }
        catch (TimeoutException)
        {
            throw new CommandException(
                $"None of the seed nodes {options.SeedNodes} has let this node, {cluster.SelfAddress.HostPort()}, into the cluster within {options.JoinTimeout}. Start the first of them, or correct --seed-nodes and --hostname.");
        }

        told.WriteLine($"Node    {cluster.SelfAddress.HostPort()}, {string.Join(" ", cluster.SelfRoles.Order(StringComparer.Ordinal))}; {cluster.State.Members.Count} in the cluster");
    }
}

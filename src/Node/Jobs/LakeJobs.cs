using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Node.Configuration;
using StockActors.Sinks;
using StockActors.Sinks.Derived;

namespace StockActors.Node.Jobs;

/// <summary>The configured jobs, over this node's lake.</summary>
internal sealed class LakeJobs : IAsyncDisposable
{
    private static readonly HashSet<string> Reports = ["quality", "costs"];

    private readonly IQueryEngine _engine;
    private readonly int _maxRunning;

    private LakeJobs(IReadOnlyList<JobDefinition> jobs, IJobLake lake, SlotRunner runner, IQueryEngine engine, int maxRunning) =>
        (Jobs, Lake, Runner, _engine, _maxRunning) = (jobs, lake, runner, engine, maxRunning);

    public IReadOnlyList<JobDefinition> Jobs { get; }

    public IJobLake Lake { get; }

    public SlotRunner Runner { get; }

    /// <summary>Reads what jobs there are: those of the configured file, or else those that come with the program.</summary>
    /// <exception cref="SettingsException">Something in the file is wrong.</exception>
    public static IReadOnlyList<JobDefinition> Read(NodeSettings settings)
    {
        try
        {
            return settings.Analytics.Jobs is { Length: > 0 } path ? JobFile.Read(path, Reports) : JobFile.Shipped(Reports);
        }
        catch (JobFileException e)
        {
            throw new SettingsException(e.Errors);
        }
    }

    /// <summary>Has them ready to be run.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="isScheduled">Whether by the cluster's one runner.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LakeJobs> OpenAsync(NodeSettings settings, Lake lake, bool isScheduled, CancellationToken cancel)
    {
        var jobs = Read(settings);
        var engine = await Queries.EngineAsync(lake, settings.Analytics, name: null, cancel);
        var objects = new JobLake(new DerivedObjects(lake));
        var source = new JobSource(engine, [new QualityReport(lake, settings), new CostReport(lake, objects, settings)]);
        var node = $"{Environment.MachineName}:{Environment.ProcessId}";
        return new LakeJobs(jobs, objects, new SlotRunner(objects, source, node, isScheduled, TimeProvider.System), engine, settings.Analytics.MaxRunning);
    }

    /// <summary>Runs them when they are due.</summary>
    /// <param name="told">Is told in a sentence what goes wrong.</param>
    public JobScheduler Scheduler(Action<string> told) => new(Jobs, Lake, Runner, _maxRunning, told, TimeProvider.System);

    public ValueTask DisposeAsync() => (_engine as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask;
}

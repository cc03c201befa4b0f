using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Amazon.Athena;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Node.Commands;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>SQL over this node's lake.</summary>
internal static class Queries
{
    /// <summary>DuckDB in this process.</summary>
    public const string DuckDb = "duckdb";

    /// <summary>The service of that name.</summary>
    public const string Athena = "athena";

    private const long Megabyte = 1024 * 1024;

    // Reading may be repeated, and so may a query's beginning: it has a token that names it.
    private const int AthenaRepeats = 3;
    private static readonly TimeSpan AthenaTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The engine of a name, or the one that fits the lake: DuckDB for a directory, Athena for S3.</summary>
    /// <exception cref="CommandException">Athena is asked for a directory.</exception>
    public static async Task<IQueryEngine> EngineAsync(Lake lake, Configuration.AnalyticsOptions options, string? name, CancellationToken cancel)
    {
        if ((name ?? (lake.IsDirectory ? DuckDb : Athena)) == DuckDb)
            return InProcess(lake, options);
        if (await lake.DatabaseAsync(cancel) is not { } database)
            throw new CommandException($"Athena reads lakes on S3, and this one is the directory {lake.Location}. Ask DuckDB (--engine duckdb).");
        var config = new AmazonAthenaConfig { MaxErrorRetry = AthenaRepeats, Timeout = AthenaTimeout };
        return new AthenaEngine(
            new AmazonAthenaClient(config),
            new AthenaOptions
            {
                Database = database,
                Output = $"{lake.Location}/_athena/",
                WorkGroup = options.WorkGroup,
                ResultReuse = options.ResultReuse?.Span,
                DollarsPerTerabyte = options.DollarsPerTerabyte,
                Address = config.ServiceURL is { Length: > 0 } url ? url.TrimEnd('/') : $"{config.RegionEndpoint?.SystemName}",
            },
            new CommittedTables(lake, cache: null));
    }

    /// <summary>DuckDB, which reads files: of a lake on S3 it is given copies.</summary>
    public static DuckDbEngine InProcess(Lake lake, Configuration.AnalyticsOptions options) => new(
        new CommittedTables(lake, lake.IsDirectory ? null : new LakeCache(lake, options.CacheDirectory ?? CacheOfUser(), options.CacheMb * Megabyte)),
        new DuckDbOptions { MemoryLimit = options.MemoryLimitMb * Megabyte });

    /// <summary>What the analytics actor takes on.</summary>
    public static AnalyticsOptions Limits(Configuration.AnalyticsOptions options) =>
        new() { MaxRunning = options.MaxRunning, MaxWaiting = options.MaxWaiting, Timeout = options.Timeout.Span };

    /// <summary>Counts a run's rows of some kinds from each feed's and symbol's given sequence on, by asking the analytics actor.</summary>
    public static async Task<TickCounts> CountAsync(
        ActorSystem system, IActorRef analytics, string runId, IReadOnlyDictionary<TickFeed, IReadOnlyDictionary<string, long>> firstSequence,
        IEnumerable<TickKind> kinds)
    {
        var counts = await Task.WhenAll(kinds.Select(CountOfAsync));
        return counts.Aggregate(default(TickCounts), (sum, counted) => sum + counted);

        async Task<TickCounts> CountOfAsync(TickKind kind)
        {
            var (table, first) = (Sinks.LakeTable.NameOf(kind), firstSequence[TickFeeds.Of(kind)]);
            if (first.Count == 0)
                return default;
            var from = string.Join(", ", first.Select(f => $"({QueryParameter.Quoted(f.Key)}, {f.Value})"));
            var query = new AnalyticsActor.Query(Guid.NewGuid(),
                $"select count(*) from {table} t join (values {from}) f(symbol, first) on t.symbol = f.symbol where t.run_id = {QueryParameter.Quoted(runId)} and t.sequence >= f.first");
            switch (await analytics.Ask<AnalyticsActor.IReply>(query))
            {
                case AnalyticsActor.Rows rows:
                    var pages = await rows.Pages.RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), system.Materializer());
                    return TickCounts.Of(kind, (long)pages[0][0][0]!);
                case AnalyticsActor.Failed failed:
                    throw new CommandException($"The rows of {table} could not be counted: {failed.Message}");
                default:
                    throw new CommandException($"The rows of {table} could not be counted: the analytics actor is busy.");
            }
        }
    }

    private static string CacheOfUser() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "stockactors");
}

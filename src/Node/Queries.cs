using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Node.Commands;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>SQL over this node's lake.</summary>
internal static class Queries
{
    /// <summary>The engine that fits the lake.</summary>
    public static DuckDbEngine Engine(Lake lake, Configuration.AnalyticsOptions options) =>
        new(new CommittedTables(lake), new DuckDbOptions { MemoryLimit = options.MemoryLimitMb * 1024L * 1024 });

    /// <summary>What the analytics actor takes on.</summary>
    public static AnalyticsOptions Limits(Configuration.AnalyticsOptions options) =>
        new() { MaxRunning = options.MaxRunning, MaxWaiting = options.MaxWaiting, Timeout = options.Timeout.Span };

    /// <summary>Counts a run's rows from each symbol's given sequence on, kind by kind, by asking the analytics actor.</summary>
    public static async Task<TickCounts> CountAsync(ActorSystem system, IActorRef analytics, string runId, IReadOnlyDictionary<string, long> firstSequence)
    {
        if (firstSequence.Count == 0)
            return default;
        var counts = await Task.WhenAll(CountOfAsync("trades"), CountOfAsync("quotes"), CountOfAsync("status"), CountOfAsync("bars"));
        return new TickCounts(counts[0], counts[1], counts[2], counts[3]);

        async Task<long> CountOfAsync(string table)
        {
            var from = string.Join(", ", firstSequence.Select(f => $"({Literal(f.Key)}, {f.Value})"));
            var query = new AnalyticsActor.Query(Guid.NewGuid(),
                $"select count(*) from {table} t join (values {from}) f(symbol, first) on t.symbol = f.symbol where t.run_id = {Literal(runId)} and t.sequence >= f.first");
            switch (await analytics.Ask<AnalyticsActor.IReply>(query))
            {
                case AnalyticsActor.Rows rows:
                    var pages = await rows.Pages.RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), system.Materializer());
                    return (long)pages[0][0][0]!;
                case AnalyticsActor.Failed failed:
                    throw new CommandException($"The rows of {table} could not be counted: {failed.Message}");
                default:
                    throw new CommandException($"The rows of {table} could not be counted: the analytics actor is busy.");
            }
        }
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

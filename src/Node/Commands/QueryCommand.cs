using System.CommandLine;
using StockActors.Analytics;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors query</c>: SQL over a lake.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var sql = new Argument<string>("SQL") { Description = "One statement; - reads it from standard input." };
        var format = new Option<OutputFormat>("--format") { HelpName = "table|csv|json", Description = "How the rows are written (default table)." };
        var engine = Flags.Engine("Who answers (default: DuckDB for a directory, Athena for S3); DuckDB reads copies of a lake on S3, which it keeps on this machine.");
        var command = new Command("query",
            """
            Ask a lake in SQL, in its engine's dialect: the tables trades, quotes, status and bars hold what is committed at this moment, also while a demo or
            an ingest writes. Prices are DECIMAL(18,9), sizes BIGINT, ts a TIMESTAMP, ts_event nanoseconds; dt and hour are the partitions.

            Example: stockactors query "select symbol, max(price) high, min(price) low, sum(size) volume from trades group by 1 order by 1"
            """)
        {
            sql, format, engine, Flags.Lake(),
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(sql)!, parsed.GetValue(format), parsed.GetValue(engine))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string sql, OutputFormat format, string? name)
    {
        if (sql == "-")
            sql = await Console.In.ReadToEndAsync(context.Stop);
        var lake = context.Settings.Lake.OpenExisting();
        var engine = await Queries.EngineAsync(lake, context.Settings.Analytics, name, context.Stop);
        await using var closing = engine as IAsyncDisposable;
        await using var result = await engine.ExecuteAsync(sql, context.Stop);
        await ResultWriter.WriteAsync(format, result.Columns, result.ReadPagesAsync(context.Stop), context.Out, context.Stop);
        if (format == OutputFormat.Json)
            await context.Out.WriteLineAsync();
        return CommandHost.Ok;
    }
}

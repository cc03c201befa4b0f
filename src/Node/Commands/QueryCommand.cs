using System.CommandLine;
using StockActors.Analytics;
using StockActors.Sinks;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors query</c>: SQL over a lake.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var sql = new Argument<string>("SQL") { Description = "One statement; - reads it from standard input." };
        var format = new Option<OutputFormat>("--format") { HelpName = "table|csv|json", Description = "How the rows are written (default table)." };
        var command = new Command("query",
            """
            Ask a lake in SQL (DuckDB's dialect): the views trades, quotes, status and bars hold what is committed at this moment, also while a demo or an
            ingest writes. Prices are DECIMAL(18,9), sizes BIGINT, ts a TIMESTAMP, ts_event nanoseconds; dt and hour are the partitions.

            Example: stockactors query "select symbol, max(price) high, min(price) low, sum(size) volume from trades group by 1 order by 1"
            """)
        {
            sql, format, Flags.Lake(),
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(sql)!, parsed.GetValue(format))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string sql, OutputFormat format)
    {
        if (sql == "-")
            sql = await Console.In.ReadToEndAsync(context.Stop);
        var lake = context.Settings.Lake.OpenExisting();
        if (!lake.IsDirectory)
            throw new CommandException($"This version's own SQL reads directories, and the lake is {lake.Location}. Ask Athena or Trino: {await lake.DescribeAsync(context.Stop)}, tables {string.Join(", ", LakeSnapshot.Tables)}.");
        await using var engine = Queries.Engine(lake, context.Settings.Analytics);
        await using var result = await engine.ExecuteAsync(sql, context.Stop);
        await ResultWriter.WriteAsync(format, result.Columns, result.ReadPagesAsync(context.Stop), context.Out, context.Stop);
        if (format == OutputFormat.Json)
            await context.Out.WriteLineAsync();
        return CommandHost.Ok;
    }
}

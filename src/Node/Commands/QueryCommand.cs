using System.CommandLine;
using StockActors.Analytics;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors query</c>: SQL over a lake.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var sql = new Argument<string?>("SQL") { Arity = ArgumentArity.ZeroOrOne, Description = "One statement; - reads it from standard input." };
        var list = new Option<bool>("--list") { Description = "Show the queries that have a name; with --name, all about that one. --format json has everything about all." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Ask a query that has a name, in place of SQL." };
        var parameters = new Option<string[]>("--param") { HelpName = "NAME=VALUE", Description = "A parameter of that query, such as interval=1m or symbol=S001,S002. Repeat it for more." };
        var format = new Option<OutputFormat>("--format") { HelpName = "table|csv|json", Description = "How the rows are written (default table)." };
        var engine = Flags.Engine("Who answers (default: DuckDB for a directory, Athena for S3); DuckDB reads copies of a lake on S3, which it keeps on this machine.");
        var command = new Command("query",
            """
            Ask a lake in SQL, in its engine's dialect: the tables trades, quotes, status and bars hold what is committed at this moment, also while a demo or
            an ingest writes. Prices are DECIMAL(18,9), sizes BIGINT, ts a TIMESTAMP, ts_event nanoseconds; dt and hour are the partitions.

            Queries that have a name answer the same on every engine; --list shows them, --list --name NAME all about one.

            Examples:
              stockactors query "select symbol, max(price) high, min(price) low, sum(size) volume from trades group by 1 order by 1"
              stockactors query --name bars --param interval=5m --param symbol=S001 --param from=2026-01-05T15:00 --param to=2026-01-05T16:00
            """)
        {
            sql, list, name, parameters, format, engine, Flags.Lake(),
        };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(name) is not null;
            if (!result.GetValue(list) && named == result.GetValue(sql) is not null)
                result.AddError("query takes one of SQL, --name NAME and --list.");
            else if (result.GetValue(list) && (result.GetValue(sql) is not null || result.GetValue(parameters) is { Length: > 0 }))
                result.AddError("--list asks nothing of a lake: it goes with --name and --format only.");
            else if (!named && result.GetValue(parameters) is { Length: > 0 })
                result.AddError("--param is for a query that has a name: it goes with --name NAME.");
            else if (NamedQueries.Parse(result.GetValue(parameters) ?? []).Error is { } error)
                result.AddError(error);
        });
        command.SetAction(CommandHost.Action(async (parsed, context) =>
        {
            var named = parsed.GetValue(name) is { } given ? QueryLibrary.Shipped.Find(given) : null;
            if (!parsed.GetValue(list))
                return await RunAsync(context, parsed.GetValue(sql), named, NamedQueries.Parse(parsed.GetValue(parameters) ?? []).Parameters, parsed.GetValue(format), parsed.GetValue(engine));
            if (named is not null && parsed.GetValue(format) == OutputFormat.Table)
                await NamedQueries.DescribeAsync(named, context.Out);
            else
                await NamedQueries.ListAsync(named is null ? QueryLibrary.Shipped.Queries : [named], parsed.GetValue(format), context.Out);
            return CommandHost.Ok;
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string? sql, NamedQuery? named, Dictionary<string, string> parameters, OutputFormat format, string? engineName)
    {
        if (sql == "-")
            sql = await Console.In.ReadToEndAsync(context.Stop);
        var lake = context.Settings.Lake.OpenExisting();
        var engine = await Queries.EngineAsync(lake, context.Settings.Analytics, engineName, context.Stop);
        await using var closing = engine as IAsyncDisposable;
        await using var result = await engine.ExecuteAsync(named?.Bind(engine.Dialect, parameters) ?? sql!, context.Stop);
        await ResultWriter.WriteAsync(format, result.Columns, result.ReadPagesAsync(context.Stop), context.Out, context.Stop);
        if (format == OutputFormat.Json)
            await context.Out.WriteLineAsync();
        return CommandHost.Ok;
    }
}

using System.CommandLine;
using Akka.Actor;
using Akka.Streams;
using StockActors.Analytics;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors query</c>: SQL over a lake.</summary>
internal static class QueryCommand
{
    // What a query that is asked of a node may wait there for its turn.
    private static readonly TimeSpan QueueTime = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var sql = new Argument<string?>("SQL") { Arity = ArgumentArity.ZeroOrOne, Description = "One statement; - reads it from standard input." };
        var list = new Option<bool>("--list") { Description = "Show the queries that have a name; with --name, all about that one. --format json has everything about all." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Ask a query that has a name, in place of SQL." };
        var parameters = new Option<string[]>("--param") { HelpName = "NAME=VALUE", Description = "A parameter of that query, such as interval=1m or symbol=S001,S002. Repeat it for more." };
        var format = new Option<OutputFormat>("--format") { HelpName = "table|csv|json", Description = "How the rows are written (default table)." };
        var engine = Flags.Engine("Who answers (default: DuckDB for a directory, Athena for S3); DuckDB reads copies of a lake on S3, which it keeps on this machine.");
        var explain = new Option<bool>("--explain") { Description = "Show the SQL and what it would read (partitions, files, bytes), and ask nothing of the rows." };
        var node = new Option<string?>("--node")
        {
            HelpName = "HOST:PORT",
            Description = "Ask a running demo or cluster in place of a lake, by any of its nodes' addresses: one with the role analytics answers, by the engine that fits its lake.",
        };
        var lake = Flags.Lake();
        var command = new Command("query",
            """
            Ask a lake in SQL, in its engine's dialect: the tables trades, quotes, status and bars hold what is committed at this moment, also while a demo or
            an ingest writes. Prices are DECIMAL(18,9), sizes BIGINT, ts a TIMESTAMP, ts_event nanoseconds; dt and hour are the partitions.

            When it has ended, standard error says how many rows there were, how much of the lake was read for them, and what Athena charges. A filter on dt and
            hour (interval and dt for bars) leaves other partitions unread; --explain tells which.

            Queries that have a name answer the same on every engine; --list shows them, --list --name NAME all about one.

            Examples:
              stockactors query "select symbol, max(price) high, min(price) low, sum(size) volume from trades group by 1 order by 1"
              stockactors query --name bars --param interval=5m --param symbol=S001 --param from=2026-01-05T15:00 --param to=2026-01-05T16:00
            """)
        {
            sql, list, name, parameters, explain, format, engine, node, lake,
        };
        command.Validators.Add(result =>
        {
            const string listAlone = "--list asks nothing of a lake: it goes with --name and --format only.";
            var named = result.GetValue(name) is not null;
            if (!result.GetValue(list) && named == result.GetValue(sql) is not null)
                result.AddError("query takes one of SQL, --name NAME and --list.");
            else if (result.GetValue(list) && (result.GetValue(sql) is not null || result.GetValue(parameters) is { Length: > 0 }))
                result.AddError(listAlone);
            else if (!named && result.GetValue(parameters) is { Length: > 0 })
                result.AddError("--param is for a query that has a name: it goes with --name NAME.");
            else if (result.GetValue(node) is not null && (result.GetValue(explain) || result.GetValue(list) || result.GetValue(engine) is not null || result.GetResult(lake) is { Implicit: false }))
                result.AddError("--node asks a cluster, which has its own lake and engine: it goes without --lake, --engine, --explain and --list.");
            else if (result.GetValue(list) && result.GetValue(explain))
                result.AddError(listAlone);
            else if (NamedQueries.Parse(result.GetValue(parameters) ?? []).Error is { } error)
                result.AddError(error);
        });
        command.SetAction(CommandHost.Action(async (parsed, context) =>
        {
            var named = parsed.GetValue(name) is { } wanted ? QueryLibrary.Shipped.Find(wanted) : null;
            var values = NamedQueries.Parse(parsed.GetValue(parameters) ?? []).Parameters;
            if (parsed.GetValue(node) is { } address)
                return await AskAsync(context, address, parsed.GetValue(sql), named, values, parsed.GetValue(format));
            if (!parsed.GetValue(list))
                return await RunAsync(context, parsed.GetValue(sql), named, values, parsed.GetValue(format), parsed.GetValue(engine), parsed.GetValue(explain));
            if (named is not null && parsed.GetValue(format) == OutputFormat.Table)
                await NamedQueries.DescribeAsync(named, context.Out);
            else
                await NamedQueries.ListAsync(named is null ? QueryLibrary.Shipped.Queries : [named], parsed.GetValue(format), context.Out);
            return CommandHost.Ok;
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string? sql, NamedQuery? named, Dictionary<string, string> parameters, OutputFormat format, string? engineName, bool isExplained)
    {
        if (sql == "-")
            sql = await Console.In.ReadToEndAsync(context.Stop);
        var lake = context.Settings.Lake.OpenExisting();
        var engine = await Queries.EngineAsync(lake, context.Settings.Analytics, engineName, context.Stop);
        await using var closing = engine as IAsyncDisposable;
        var bound = named?.Bind(engine.Dialect, parameters) ?? sql!;
        if (isExplained)
        {
            await context.Out.WriteLineAsync(QueryReport.Plan(format, bound, await engine.ExplainAsync(bound, context.Stop)));
            return CommandHost.Ok;
        }

        var started = TimeProvider.System.GetTimestamp();
        await using var result = await engine.ExecuteAsync(bound, context.Stop);
        await WriteAsync(context, format, result.Columns, result.Cost, result.ReadPagesAsync(context.Stop), started);
        return CommandHost.Ok;
    }

    /// <summary>Asks the analytics actor of a cluster, by way of any of its nodes.</summary>
    private static Task<int> AskAsync(CommandContext context, string node, string? sql, NamedQuery? named, Dictionary<string, string> parameters, OutputFormat format) =>
        Operator.AskAsync(
            node,
            QueryGate.Name,
            async (system, gate) =>
            {
                if (sql == "-")
                    sql = await Console.In.ReadToEndAsync(context.Stop);
                var started = TimeProvider.System.GetTimestamp();
                AnalyticsActor.ICommand query = named is null
                    ? new AnalyticsActor.Query(Guid.NewGuid(), sql!)
                    : new AnalyticsActor.QueryByName(Guid.NewGuid(), named.Name, parameters);
                switch (await ReplyAsync(context, gate, query))
                {
                    case AnalyticsActor.RemoteRows rows:
                        try
                        {
                            await WriteAsync(context, format, rows.Columns, rows.Cost, rows.Pages().RunAsAsyncEnumerable(system.Materializer()), started);
                            return CommandHost.Ok;
                        }
                        catch (RemoteStreamRefActorTerminatedException)
                        {
                            throw new CommandException("The node that answered has gone before the end of the rows. Ask again; another node with the role analytics answers, if there is one.");
                        }

                    case AnalyticsActor.Busy busy:
                        throw new CommandException($"The node runs {busy.Running} queries and {busy.Waiting} wait, which is as many as may (Analytics:MaxRunning, Analytics:MaxWaiting): busy, try later.");
                    case AnalyticsActor.Failed failed:
                        throw new CommandException(failed.Message);
                    case var other:
                        throw new CommandException($"The node answered with {other.GetType().Name}, which this version does not understand.");
                }
            },
            () => new CommandException($"Nobody answers queries at {node}: no demo or node is there. It prints the address to use after 'Control' or 'Node'; host and port must be written as there."),
            context.Stop);

    private static async Task<AnalyticsActor.IReply> ReplyAsync(CommandContext context, IActorRef gate, AnalyticsActor.ICommand query)
    {
        var patience = context.Settings.Analytics.Timeout.Span + QueueTime;
        try
        {
            return await gate.Ask<AnalyticsActor.IReply>(query, Timeout.InfiniteTimeSpan, CancellationToken.None).WaitAsync(patience, context.Stop);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            gate.Tell(new AnalyticsActor.Cancel(query.Id), ActorRefs.NoSender);
            if (e is OperationCanceledException)
                throw;
            throw new CommandException($"The query has not been answered within {patience.TotalSeconds:0} s, and was cancelled. Raise Analytics:Timeout, here and on the node, if it may take longer.");
        }
    }

    private static async Task WriteAsync(
        CommandContext context, OutputFormat format, IReadOnlyList<QueryColumn> columns, QueryCost cost, IAsyncEnumerable<IReadOnlyList<object?[]>> pages, long started)
    {
        var rows = await ResultWriter.WriteAsync(format, columns, pages, context.Out, context.Stop);
        if (format == OutputFormat.Json)
            await context.Out.WriteLineAsync();
        await context.Error.WriteLineAsync(QueryReport.Ended(format, rows, cost, TimeProvider.System.GetElapsedTime(started)));
    }
}

using System.CommandLine;
using System.Text.Json;
using StockActors.Analytics.Jobs;
using StockActors.Node.Jobs;
using StockActors.Node.Terminal;
using StockActors.Sinks;
using StockActors.Sinks.Derived;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors catalogue</c>: what tells query engines where a lake's tables lie.</summary>
internal static class CatalogueCommand
{
    public static Command Create() => new("catalogue", "A lake's catalogue: Glue for a lake on S3, its own for a directory.") { CreateRebuild() };

    private static Command CreateRebuild()
    {
        var json = Flags.Json("Print the summary as one JSON object; everything else goes to standard error.");
        var command = new Command("rebuild",
            """
            Make a lake's catalogue again from its chains: database and tables where they are absent, and every partition that a chain names; and
            the tables that jobs have made, from the logs of their slots. What stands already is left as it is, so it can be run again, and while
            others write. With --database the tables are made in another database, which is the lake's from then on; the old one is left as it is.

            Example: stockactors catalogue rebuild --lake s3://my-bucket/ticks
            """)
        {
            Flags.Lake(), Flags.Database(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RebuildAsync(context, parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RebuildAsync(CommandContext context, bool json)
    {
        var told = json ? context.Error : context.Out;
        var lake = context.Settings.Lake.OpenExisting();
        var rebuild = new CatalogueRebuild(lake);
        var derived = new JobTables(new JobLake(new DerivedObjects(lake)));
        var run = RunAsync();
        await ProgressLines.WhileAsync(
            run, told, () => $"{rebuild.Entries:N0} entries read, {rebuild.Found:N0} partitions found, {rebuild.Registered:N0} made, {derived.Registered:N0} of jobs registered");
        var (chains, catalogue) = (await run, await lake.DescribeAsync(context.Stop));
        context.Out.WriteLine(json
            ? JsonSerializer.Serialize(new
            {
                lake = lake.Location,
                catalogue,
                chains,
                entries = rebuild.Entries,
                partitions = rebuild.Found,
                made = rebuild.Registered,
                derived = derived.Registered,
            })
            : $"{lake.Location}: {rebuild.Found:N0} partitions in {rebuild.Entries:N0} entries of {chains:N0} chains; "
                + $"{rebuild.Registered:N0} were missing and are made; {derived.Registered:N0} partitions of jobs' tables are registered (catalogue: {catalogue})");
        return CommandHost.Ok;

        async Task<int> RunAsync()
        {
            var chains = await rebuild.RunAsync(context.Stop);
            await derived.RegisterAsync(context.Stop);
            return chains;
        }
    }
}

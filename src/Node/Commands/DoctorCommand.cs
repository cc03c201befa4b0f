using System.CommandLine;
using System.Text.Json;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors doctor</c>: what this machine and configuration can reach.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = Flags.Json("One JSON object a check: name, ok, found, remedy.");
        var command = new Command("doctor", "Check what this machine and configuration can reach: broker, topic and its partitions, lake, catalogue, SQL; each with a remedy.")
        {
            Flags.Topic(), Flags.Lanes(), Flags.Lake(), Flags.Database(), Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json)
    {
        var settings = context.Settings;
        var healthy = true;
        Report("configuration", true, "read; every key is known and every value valid", "");

        Broker? broker = null;
        if (await CheckAsync("broker", async () =>
            {
                broker = await Broker.StartAsync(settings.Kafka, context.Stop);
                return broker.IsEmbedded ? "none is configured; the embedded one starts and answers" : $"{broker.Kafka.BootstrapServers} answers";
            }))
        {
            using (broker)
            {
                await CheckAsync("topic", async () => broker!.IsEmbedded
                    ? $"{settings.Kafka.Topic} is made with {settings.Kafka.Lanes ?? 4} partitions on the embedded broker"
                    : Describe(await broker.Log.FindAsync(settings.Kafka.Topic, context.Stop), settings.Kafka.Topic, settings.Kafka.Lanes));
            }
        }

        Lake? lake = null;
        await CheckAsync("lake", async () =>
        {
            var opened = settings.Lake.Open();
            await opened.ProbeAsync(context.Stop);
            lake = opened;
            return $"{lake.Location} can be written";
        });
        if (lake is not null)
        {
            await CheckAsync("catalogue", async () =>
            {
                var snapshot = await LakeSnapshot.ReadAsync(lake, context.Stop);
                return $"{await lake.DescribeAsync(context.Stop)}: {snapshot.Objects.Count:N0} committed objects of {LakeTable.All.Count} tables, {snapshot.Ends.Count:N0} chains";
            });
        }

        if (lake is { IsDirectory: true })
        {
            await CheckAsync("SQL", async () =>
            {
                await using var engine = Queries.InProcess(lake, settings.Analytics);
                await using var result = await engine.ExecuteAsync("select count(*) from trades", context.Stop);
                var page = await result.ReadPageAsync(context.Stop);
                return $"DuckDB counts {page![0][0]:N0} trades";
            });
        }

        return healthy ? CommandHost.Ok : CommandHost.Failed;

        async Task<bool> CheckAsync(string name, Func<Task<string>> check)
        {
            try
            {
                Report(name, true, await check(), "");
                return true;
            }
            catch (Exception e) when (e is LogException or LakeException or CommandException or Analytics.QueryException)
            {
                Report(name, false, "", e.Message);
                return false;
            }
        }

        void Report(string name, bool ok, string found, string remedy)
        {
            healthy &= ok;
            context.Out.WriteLine(json ? JsonSerializer.Serialize(new { name, ok, found, remedy }) : $"{(ok ? "ok  " : "FAIL")}  {name,-13}  {(ok ? found : remedy)}");
        }
    }

    private static string Describe(LogTopic? topic, string name, int? lanes) => topic switch
    {
        null => $"{name} does not exist yet; 'stockactors demo' makes it with {lanes ?? 4} partitions",
        _ when lanes is { } asked && asked != topic.Lanes => throw new CommandException($"{name} has {topic.Lanes} partitions, and --lanes asks for {asked}. Leave --lanes out, or name another --topic."),
        _ => $"{name} has {topic.Lanes} partitions, id {topic.Id}",
    };
}

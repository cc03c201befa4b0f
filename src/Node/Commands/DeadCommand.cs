using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StockActors.Pipeline;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors dead</c>: the records that are no rows.</summary>
internal static class DeadCommand
{
    private const int Excerpt = 160;

    public static Command Create() => new("dead",
        """
        A record that can't be read becomes no row: it goes to the topic's .dead with its reason, its lane and its offset, and the lane goes on.
        'list' shows them; when what was wrong is mended (a newer build reads them, a clock that was ahead has been caught up with), 'replay' produces
        them to their topic again.

        Example: stockactors dead list --topic ticks
        """)
    {
        List(), Replay(),
    };

    private static Command List()
    {
        var lane = Lane();
        var count = new Option<long?>("--count") { HelpName = "N", Description = "Stop after N." };
        var json = Flags.Json("One JSON object a line; key and value as base64.");
        var command = new Command("list", "Show a topic's dead letters, each once: lane/offset, when, why, and how the record begins.\n\nExample: stockactors dead list --topic ticks --lane 2 --count 20")
        {
            Flags.Topic(), lane, count, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => ListAsync(context, parsed.GetValue(lane), parsed.GetValue(count) ?? long.MaxValue, parsed.GetValue(json))));
        return command;
    }

    private static Command Replay()
    {
        var lane = Lane();
        var json = Flags.Json("Print the summary as one JSON object; everything else goes to standard error.");
        var command = new Command("replay",
            """
            Produce a topic's dead letters to it again, each to its lane. A dead letter is replayed once ever, whoever is killed in between: one that is
            still unreadable comes back as a new one, with a new offset.

            Example: stockactors dead replay --topic ticks
            """)
        {
            Flags.Topic(), lane, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => ReplayAsync(context, parsed.GetValue(lane), parsed.GetValue(json))));
        return command;
    }

    private static Option<int?> Lane()
    {
        var lane = new Option<int?>("--lane") { HelpName = "N", Description = "One lane's; all lanes' by default." };
        lane.Validators.Add(Flags.NotNegative);
        return lane;
    }

    private static async Task<int> ListAsync(CommandContext context, int? lane, long count, bool json)
    {
        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var listed = 0L;
        await foreach (var letter in DeadLetterReader.ReadAsync(broker.Log, context.Settings.Kafka.Topic, lane, context.Stop))
        {
            if (listed++ == count)
                break;
            context.Out.WriteLine(json
                ? JsonSerializer.Serialize(new { lane = letter.Lane, offset = letter.Offset, at = letter.At, reason = letter.Reason, key = letter.Key, value = letter.Value })
                : string.Create(CultureInfo.InvariantCulture, $"{letter.Lane}/{letter.Offset} {letter.At:u} {letter.Reason}: {Beginning(letter.Value)}"));
        }

        if (listed == 0)
            context.Error.WriteLine($"There are no dead letters of {context.Settings.Kafka.Topic}{(lane is null ? "" : $" in lane {lane}")}.");
        return CommandHost.Ok;
    }

    private static async Task<int> ReplayAsync(CommandContext context, int? lane, bool json)
    {
        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var topic = await broker.Log.RequireAsync(context.Settings.Kafka.Topic, context.Stop);
        long replayed = 0;
        var run = DeadLetterReader.ReplayAsync(broker.Log, topic.Name, lane, _ => Interlocked.Increment(ref replayed), context.Stop);
        await Terminal.ProgressLines.WhileAsync(run, json ? context.Error : context.Out, () => $"{Interlocked.Read(ref replayed):N0} replayed");
        context.Out.WriteLine(json
            ? JsonSerializer.Serialize(new { topic = topic.Name, replayed })
            : $"{replayed:N0} dead letters of {topic.Name} are in it again{(replayed == 0 ? ": there were none that had not been replayed before" : "")}");
        return CommandHost.Ok;
    }

    /// <summary>How a value begins, as text where it is text.</summary>
    private static string Beginning(byte[]? value)
    {
        if (value is null)
            return "(no value)";
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(value.AsSpan(0, Math.Min(value.Length, Excerpt))).EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? "·" : rune.ToString());
        return value.Length > Excerpt ? text + " …" : text.ToString();
    }
}

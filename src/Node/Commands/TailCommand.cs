using System.Buffers;
using System.CommandLine;
using System.Text;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors tail</c>: the topic's records as readable lines or JSON.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var topic = Flags.Topic();
        var beginning = new Option<bool>("--from-beginning") { Description = "From the oldest record that the topic holds, not from its end." };
        var count = new Option<long?>("--count") { HelpName = "N", Description = "Stop after N records." };
        var json = Flags.Json("One JSON object a line, with lane and offset beside the tick's fields' names as on the wire.");
        var command = new Command("tail", "Show the topic's records as they come, until Ctrl+C.\n\nExample: stockactors tail --from-beginning --count 20")
        {
            topic, beginning, count, json, Flags.Kafka(),
        };
        command.SetAction(CommandHost.Action((parsed, context) =>
            RunAsync(context, parsed.GetValue(beginning), parsed.GetValue(count) ?? long.MaxValue, parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool fromBeginning, long count, bool json)
    {
        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var topic = await broker.Log.RequireAsync(context.Settings.Kafka.Topic, context.Stop);
        var from = new List<LaneOffset>();
        for (var lane = 0; lane < topic.Lanes; lane++)
        {
            var (low, high) = await broker.Log.ExtentAsync(topic.Name, lane, context.Stop);
            from.Add(new LaneOffset(topic.Name, lane, fromBeginning ? low : high));
        }

        using var system = ActorSystem.Create("tail", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
        using var materializer = system.Materializer();
        await using var session = ConsumerSession.Assign(broker.Kafka, topic.Name, from);
        await using var stop = context.Stop.Register(session.Stop);
        var decoder = new TickDecoder();
        var line = new ArrayBufferWriter<byte>();
        var written = 0L;
        await session.Lanes
            .MergeMany(topic.Lanes, lane => lane.Records)
            .RunForeach(batch =>
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count && written < count; i++, written++)
                        Write(batch.Lane, batch[i]);
                    if (written >= count)
                        session.Stop();
                }

                context.Out.Flush();
            }, materializer);
        return CommandHost.Ok;

        void Write(int lane, LogRecord record)
        {
            if (!decoder.TryDecode(record.Value, out var tick, out var reason))
            {
                context.Out.WriteLine(json
                    ? $"{{\"lane\":{lane},\"offset\":{record.Offset},\"unreadable\":{System.Text.Json.JsonSerializer.Serialize(reason)}}}"
                    : $"{lane}/{record.Offset} unreadable: {reason}");
                return;
            }

            if (!json)
            {
                context.Out.WriteLine($"{lane}/{record.Offset} {TickText.Describe(tick)}");
                return;
            }

            line.ResetWrittenCount();
            TickEncoder.Encode(tick, WireFormat.Json, line);
            context.Out.WriteLine($"{{\"lane\":{lane},\"offset\":{record.Offset},{Encoding.UTF8.GetString(line.WrittenSpan[1..])}");
        }
    }
}

using System.Buffers;
using System.CommandLine;
using System.Text;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;

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
        var from = new List<TopicPartitionOffset>();
        for (var lane = 0; lane < topic.Lanes; lane++)
        {
            var (low, high) = await broker.Log.ExtentAsync(topic.Name, lane, context.Stop);
            from.Add(new TopicPartitionOffset(topic.Name, lane, fromBeginning ? low : high));
        }

        using var system = ActorSystem.Create("tail", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
        using var materializer = system.Materializer();
        var decoder = new TickDecoder();
        var line = new ArrayBufferWriter<byte>();
        var written = 0L;
        var (consumer, done) = KafkaConsumer
            .BatchedPartitionedSource(new ConsumerSettings(broker.Kafka, "stockactors-tail"), Subscriptions.AssignmentWithOffset([.. from]))
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(topic.Lanes, lane => lane.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count && written < count; i++, written++)
                        Write(batch.Lane, batch[i]);
                }

                context.Out.Flush();
                return written < count;
            })
            .ToMaterialized(Sink.Ignore<RecordBatch>(), Keep.Both)
            .Run(materializer);
        await using var stop = context.Stop.Register(consumer.Stop);
        await done;
        await consumer.Shutdown();
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

using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Node.Terminal;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors produce</c>: lines as records, as a foreign producer writes them.</summary>
internal static class ProduceCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { DefaultValueFactory = _ => "-", Description = "Where the lines are; - or nothing reads them from standard input." };
        var command = new Command("produce",
            """
            Send lines to the topic, each as a record of its own, as it stands and without a key: what a producer of another make would send. Whether it is a
            tick, ingest finds out: JSON in the wire format's names or the tutorials' becomes a row, anything else a dead letter. Empty lines are none.

            Example: stockactors tail --json --count 5 | stockactors produce --topic copy
            """)
        {
            file, Flags.Topic(), Flags.Kafka(),
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(file)!)));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string file)
    {
        Broker.Require(context.Settings.Kafka);
        using var lines = Open(file);
        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var topic = await broker.Log.RequireAsync(context.Settings.Kafka.Topic, context.Stop);
        using var system = ActorSystem.Create("produce", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
        using var materializer = system.Materializer();
        var acknowledged = 0L;
        var run = Source.From(() => LinesAsync(lines, context.Stop))
            .Select(line => ProducerMessage.Single(new ProducerRecord<byte[]?, string>(topic.Name, null, line), NotUsed.Instance))
            .Via(KafkaProducer.FlexiFlow<byte[]?, string, NotUsed>(new ProducerSettings<byte[]?, string>(broker.Kafka)))
            .RunForeach(_ => Interlocked.Increment(ref acknowledged), materializer);
        await ProgressLines.WhileAsync(run, context.Error, () => $"{Interlocked.Read(ref acknowledged):N0} records acknowledged");
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acknowledged:N0} records acknowledged in {topic.Name}; what is no tick comes to {KafkaLog.DeadOf(topic.Name)}"));
        return CommandHost.Ok;
    }

    private static async IAsyncEnumerable<string> LinesAsync(StreamReader lines, [EnumeratorCancellation] CancellationToken stop)
    {
        while (await NextAsync() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return line;
        }

        // What was read before it was stopped is still delivered.
        async Task<string?> NextAsync()
        {
            try
            {
                return await lines.ReadLineAsync(stop).AsTask().WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} can't be read: {e.Message}");
        }
    }
}

using StockActors.Node.Commands;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>The log this node works with: a real Kafka where one is configured, else the embedded one.</summary>
internal sealed class Broker : IDisposable
{
    private readonly EmbeddedBroker? _embedded;

    private Broker(KafkaLog log, EmbeddedBroker? embedded) => (Log, _embedded) = (log, embedded);

    public KafkaLog Log { get; }

    public KafkaSettings Kafka => Log.Settings;

    public bool IsEmbedded => _embedded is not null;

    /// <summary>Connects to the configured Kafka, or starts the embedded broker where none is.</summary>
    public static async Task<Broker> StartAsync(KafkaOptions options, CancellationToken cancel)
    {
        if (options.BootstrapServers is { Length: > 0 } servers)
            return new Broker(await KafkaLog.ConnectAsync(options.At(servers), null, cancel), null);
        var embedded = EmbeddedBroker.Start();
        try
        {
            return new Broker(await KafkaLog.ConnectAsync(options.At(embedded.BootstrapServers), embedded, cancel), embedded);
        }
        catch
        {
            embedded.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the configured Kafka, for commands that have no use for a broker of their own.</summary>
    /// <exception cref="CommandException">None is configured.</exception>
    public static Task<Broker> ConnectAsync(KafkaOptions options, CancellationToken cancel)
    {
        Require(options);
        return StartAsync(options, cancel);
    }

    /// <summary>Connects to the configured Kafka; <c>null</c> where none is, for commands that tell more where one is.</summary>
    public static async Task<Broker?> ConnectIfConfiguredAsync(KafkaOptions options, CancellationToken cancel) =>
        options.BootstrapServers is { Length: > 0 } ? await StartAsync(options, cancel) : null;

    /// <summary>Makes sure that a Kafka is configured.</summary>
    /// <exception cref="CommandException">None is.</exception>
    public static void Require(KafkaOptions options)
    {
        if (options.BootstrapServers is not { Length: > 0 })
            throw new CommandException("No Kafka is configured. Set KAFKA_BOOTSTRAP_SERVERS to a broker's address; 'stockactors demo' prints that of its own.");
    }

    /// <summary>What there is of a lane's log; <c>null</c> where there is no such topic or lane.</summary>
    public async Task<LogExtent?> ExtentAsync(LogTopic? topic, int lane, CancellationToken cancel)
    {
        if (topic is null || lane >= topic.Lanes)
            return null;
        var (low, high) = await Log.ExtentAsync(topic.Name, lane, cancel);
        return new LogExtent(topic.Id, low, high);
    }

    public void Dispose()
    {
        Log.Dispose();
        _embedded?.Dispose();
    }
}

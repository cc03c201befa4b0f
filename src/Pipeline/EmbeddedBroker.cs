using System.Security.Cryptography;
using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline;

/// <summary>
/// librdkafka's mock broker inside this process: Kafka's protocol with nothing installed. It keeps about 5 MB per partition and forgets what is
/// older, fences nobody and answers no admin request, so it carries a demo, never a load or fault test.
/// </summary>
/// <remarks>Every life of it is a new log. It says which one by a topic whose name carries a nonce, which any client sees in its metadata.</remarks>
public sealed class EmbeddedBroker : IDisposable
{
    /// <summary>How much of a lane the publisher may run ahead of ingest, in bytes of keys and values: half of what the broker keeps.</summary>
    public const long WindowBytes = 2_500_000;

    private const string LifePrefix = "_embedded.";

    private readonly IProducer<Null, Null> _owner;
    private readonly nint _cluster;

    private EmbeddedBroker(IProducer<Null, Null> owner)
    {
        _owner = owner;
        _cluster = Librdkafka.MockClusterOf(Librdkafka.HandleOf(owner));
        BootstrapServers = Librdkafka.MockBootstrapServers(_cluster);
        // Nobody else joins its groups at the same time: waiting for them (3 s by default) is a viewer's time.
        Librdkafka.SetMockRebalanceDelay(_cluster, 100);
    }

    /// <summary>Its address on the loopback, such as <c>127.0.0.1:39239</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts one; it ends when it is disposed of, and with the process.</summary>
    public static EmbeddedBroker Start()
    {
        var config = new ProducerConfig { BootstrapServers = "localhost:0", ClientId = "embedded-broker" };
        config.Set("test.mock.num.brokers", "1");
        var broker = new EmbeddedBroker(new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build());
        broker.CreateTopic(LifePrefix + Guid.NewGuid().ToString("N"), 1);
        return broker;
    }

    /// <summary>Makes a topic; one that exists stays as it is.</summary>
    public void CreateTopic(string topic, int partitions)
    {
        var error = Librdkafka.CreateMockTopic(_cluster, topic, partitions, 1);
        if (error is not (ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
            throw new KafkaException(error);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    /// <summary>The id of a topic on an embedded broker's life, as 32 hex digits; <c>null</c> where the metadata is of a real cluster.</summary>
    internal static string? TopicId(Metadata metadata, string topic) =>
        metadata.Topics.FirstOrDefault(t => t.Topic.StartsWith(LifePrefix, StringComparison.Ordinal)) is { } life
            ? Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{life.Topic}/{topic}")).AsSpan(0, 16))
            : null;
}

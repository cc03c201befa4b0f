using Confluent.Kafka;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;

namespace StockActors.Bench;

/// <summary>A topic of a benchmark's own, with its progress topic, on the broker that KAFKA_BOOTSTRAP_SERVERS names; deleted with its disposal.</summary>
internal sealed class BenchTopic : IDisposable
{
    public const int FewLanes = 4;

    private BenchTopic(KafkaSettings kafka, string name, int lanes) => (Kafka, Name, Lanes) = (kafka, name, lanes);

    public int Lanes { get; }

    public KafkaSettings Kafka { get; }

    public string Name { get; }

    /// <exception cref="LogException">No broker is named, or it does not answer.</exception>
    public static BenchTopic Create(int lanes = FewLanes)
    {
        if (Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS") is not { Length: > 0 } servers)
            throw new LogException("This benchmark needs a real Kafka. Set KAFKA_BOOTSTRAP_SERVERS to its address, such as 127.0.0.1:9092.");
        var kafka = new KafkaSettings(servers, new Dictionary<string, string>());
        var name = $"bench-{Guid.NewGuid():N}";
        using var log = KafkaLog.ConnectAsync(kafka, null, CancellationToken.None).GetAwaiter().GetResult();
        log.EnsureAsync(name, lanes, CancellationToken.None).GetAwaiter().GetResult();
        return new BenchTopic(kafka, name, lanes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka.BootstrapServers }).Build();
        admin.DeleteTopicsAsync([Name, KafkaLog.ProgressOf(Name), KafkaLog.DeadOf(Name)]).GetAwaiter().GetResult();
    }
}

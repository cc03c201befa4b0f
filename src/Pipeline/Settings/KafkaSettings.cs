using Confluent.Kafka;

namespace StockActors.Pipeline.Settings;

/// <summary>How to reach a cluster.</summary>
/// <param name="BootstrapServers">Addresses, comma separated: <c>host:port,host:port</c>.</param>
/// <param name="Properties">Any librdkafka property (TLS, SASL …); these go to every client as they are, and win over what this library sets.</param>
public sealed record KafkaSettings(string BootstrapServers, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>How long to wait for a broker's first answer before it counts as unreachable.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The configuration of a client: this library's own choices, then the user's.</summary>
    internal T Configure<T>(T config) where T : ClientConfig
    {
        config.BootstrapServers = BootstrapServers;
        foreach (var (key, value) in Properties)
            config.Set(key, value);
        return config;
    }
}

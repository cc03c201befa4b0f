using System.ComponentModel.DataAnnotations;
using StockActors.Pipeline.Settings;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Kafka</c>: the log.</summary>
public sealed class KafkaOptions
{
    /// <summary>Addresses of brokers, <c>host:port,host:port</c>; absent, the embedded broker is used. <c>KAFKA_BOOTSTRAP_SERVERS</c> sets it too.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>The topic of the ticks.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,200}$", ErrorMessage = "{0} must be 1 to 200 of the characters a-z, A-Z, 0-9, '.', '_' and '-'.")]
    public string Topic { get; set; } = "ticks";

    /// <summary>How many partitions the topic is made with where it is absent (then 4 by default); where it exists it must have as many.</summary>
    [Range(1, 1024)]
    public int? Lanes { get; set; }

    /// <summary>How long to wait for the first broker that answers.</summary>
    public Duration ConnectTimeout { get; set; } = new(TimeSpan.FromSeconds(10));

    /// <summary>Any librdkafka property (<c>security.protocol</c>, <c>sasl.mechanism</c>, <c>ssl.ca.location</c> …), passed to every client.</summary>
    public Dictionary<string, string> Properties { get; } = [];

    /// <summary>The settings of a cluster at an address.</summary>
    public KafkaSettings At(string bootstrapServers) => new(bootstrapServers, Properties) { ConnectTimeout = ConnectTimeout.Span };
}

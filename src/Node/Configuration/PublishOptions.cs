using System.ComponentModel.DataAnnotations;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Publish</c>: how ticks go to the log.</summary>
public sealed class PublishOptions
{
    /// <summary>The wire format.</summary>
    public WireFormat Wire { get; set; } = WireFormat.Protobuf;

    /// <summary>First part of the transactional ids; runs that publish to a topic at the same time need prefixes of their own.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "{0} must be 1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'.")]
    public string Prefix { get; set; } = "stockactors";

    /// <summary>Ticks after which a transaction is closed.</summary>
    [Range(1, 100_000)]
    public int MaxTransactionTicks { get; set; } = 10_000;

    /// <summary>Age at which a transaction is closed.</summary>
    public Duration MaxTransactionAge { get; set; } = new(TimeSpan.FromMilliseconds(100));

    /// <summary>The settings of a publisher on a cluster.</summary>
    public PublisherSettings On(KafkaSettings kafka) =>
        new(kafka, Prefix) { Wire = Wire, MaxTransactionTicks = MaxTransactionTicks, MaxTransactionAge = MaxTransactionAge.Span };
}

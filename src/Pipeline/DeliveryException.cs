using Confluent.Kafka;

namespace StockActors.Pipeline;

/// <summary>A record was not delivered, or it is not known whether it was; the supervision of the stream says what follows.</summary>
public sealed class DeliveryException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="to">Where the record was to go.</param>
    /// <param name="error">What the client says.</param>
    /// <param name="cause">The client's exception, where it threw one.</param>
    public DeliveryException(TopicPartition to, Error error, Exception? cause = null)
        : base($"A record for {to.Topic}{(to.Partition == Partition.Any ? "" : $", partition {to.Partition.Value},")} was not delivered: {error.Reason}", cause)
    {
        (To, Error) = (to, error);
    }

    /// <summary>Where the record was to go.</summary>
    public TopicPartition To { get; }

    /// <summary>What the client says. After a fatal error it takes no more records, so the stream fails whatever its supervision says.</summary>
    public Error Error { get; }

    internal bool IsFatal => Error.IsFatal || Error.Code == ErrorCode.Local_Fatal;
}

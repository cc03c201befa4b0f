using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>The types that Confluent.Kafka reads and writes by itself.</summary>
internal static class DefaultSerialization
{
    private static readonly Dictionary<Type, (object Writer, object Reader)> ByType = new()
    {
        [typeof(byte[])] = (Serializers.ByteArray, Deserializers.ByteArray),
        [typeof(string)] = (Serializers.Utf8, Deserializers.Utf8),
        [typeof(Null)] = (Serializers.Null, Deserializers.Null),
        [typeof(int)] = (Serializers.Int32, Deserializers.Int32),
        [typeof(long)] = (Serializers.Int64, Deserializers.Int64),
        [typeof(float)] = (Serializers.Single, Deserializers.Single),
        [typeof(double)] = (Serializers.Double, Deserializers.Double),
    };

    /// <exception cref="LogException">There is none for the type.</exception>
    public static ISerializer<T> WriterOf<T>() => ByType.TryGetValue(typeof(T), out var known)
        ? (ISerializer<T>)known.Writer
        : throw new LogException($"Nothing says how a {typeof(T).Name} is written to Kafka. Set the producer settings' KeySerializer or ValueSerializer.");

    /// <inheritdoc cref="WriterOf"/>
    public static IDeserializer<T> ReaderOf<T>() => typeof(T) == typeof(Ignore) ? (IDeserializer<T>)Deserializers.Ignore
        : ByType.TryGetValue(typeof(T), out var known) ? (IDeserializer<T>)known.Reader
        : throw new LogException($"Nothing says how a {typeof(T).Name} is read from Kafka. Set the consumer settings' KeyDeserializer or ValueDeserializer.");
}

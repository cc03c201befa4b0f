using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>The types that Confluent.Kafka writes by itself.</summary>
internal static class DefaultSerializer
{
    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(byte[])] = Serializers.ByteArray,
        [typeof(string)] = Serializers.Utf8,
        [typeof(Null)] = Serializers.Null,
        [typeof(int)] = Serializers.Int32,
        [typeof(long)] = Serializers.Int64,
        [typeof(float)] = Serializers.Single,
        [typeof(double)] = Serializers.Double,
    };

    /// <exception cref="LogException">There is none for the type.</exception>
    public static ISerializer<T> Of<T>() => ByType.TryGetValue(typeof(T), out var serializer)
        ? (ISerializer<T>)serializer
        : throw new LogException($"Nothing says how a {typeof(T).Name} is written to Kafka. Set the producer settings' KeySerializer or ValueSerializer.");
}

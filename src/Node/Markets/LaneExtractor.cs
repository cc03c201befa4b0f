using Akka.Cluster.Sharding;

namespace StockActors.Node.Markets;

/// <summary>A lane is an entity and a shard of its own: they move one by one.</summary>
internal sealed class LaneExtractor : IMessageExtractor
{
    public string? EntityId(object message) => message is LaneActor.ILaneMessage { Lane: var lane } ? Name(lane) : null;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;

    /// <summary>The lane of an entity's id.</summary>
    public static int Lane(string entityId) => int.Parse(entityId);

    private static string Name(int lane) => $"{lane}";
}

namespace StockActors.Pipeline;

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Kafka's own id as 32 hex digits: a topic that is deleted and made again has another.</param>
/// <param name="Lanes">How many partitions it has.</param>
/// <param name="IsOfOneLife">Whether it is an embedded broker's, and so new at every start, with a new id.</param>
public sealed record LogTopic(string Name, string Id, int Lanes, bool IsOfOneLife = false);

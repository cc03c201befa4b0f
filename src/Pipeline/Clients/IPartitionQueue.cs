namespace StockActors.Pipeline.Clients;

/// <summary>What has been fetched of one partition and waits to be taken. Fetching stops while it is full.</summary>
internal interface IPartitionQueue : IDisposable
{
    /// <summary>How many records wait.</summary>
    int Count { get; }

    /// <summary>Takes what is there, up to so many records; it does not wait.</summary>
    /// <returns>How many the sink was told of.</returns>
    int Read(int atMost, IRecordSink sink);
}

namespace StockActors.Pipeline.Consuming;

/// <summary>How a partition comes to its end in a consumer.</summary>
internal enum PartitionEnd
{
    /// <summary>Nothing more is read; what was taken is still pushed.</summary>
    Stopped,

    /// <summary>It is given up: what was taken and is not pushed yet is dropped, its next owner reads it.</summary>
    Revoked,

    /// <summary>It can't be read.</summary>
    Failed,
}

namespace StockActors.Sinks;

/// <summary>When a lane's epochs are cut, and how they are written.</summary>
public sealed record LaneOptions
{
    /// <summary>
    /// Bytes of keys and values at which an epoch is cut. A lane holds two epochs at most: one that is written, one that is gathered. What the lanes of a
    /// process hold together is bounded by their <see cref="LaneBudget"/>.
    /// </summary>
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Rows and dead letters at which an epoch is cut.</summary>
    public int MaxRecords { get; init; } = 500_000;

    /// <summary>The most table partitions of an epoch: it is cut before a record that would be in one more. Each is an object of its own.</summary>
    public int MaxPartitions { get; init; } = 1_000;

    /// <summary>How long after its first record an epoch is cut.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after its last record an epoch is cut where no more come.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How far beyond the clock a foreign producer's event time may lie.</summary>
    public TimeSpan AllowedSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most that is waited before a put whose outcome is unknown is repeated, and half of it the least; it doubles up to a hundred times of this.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many of an epoch's objects, or of its hundreds of partitions, are put at a time.</summary>
    public int ConcurrentPuts { get; init; } = 4;

    /// <summary>
    /// Whether the log is new at every start, with a new topic id. Where it is not, a topic whose name the lake knows of another id stops until an
    /// operator has accepted that it was created again.
    /// </summary>
    public bool IsLogOfOneLife { get; init; }
}

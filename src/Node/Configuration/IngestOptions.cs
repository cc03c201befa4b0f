using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Ingest</c>: when what has been read becomes an epoch of the lake.</summary>
public sealed class IngestOptions : IValidatableObject
{
    /// <summary>Age of its oldest record at which a lane's epoch is written.</summary>
    public Duration FlushInterval { get; set; } = new(TimeSpan.FromSeconds(5));

    /// <summary>A lane from which nothing has come for so long writes what it has.</summary>
    public Duration IdleInterval { get; set; } = new(TimeSpan.FromSeconds(1));

    /// <summary>Bytes of records at which a lane's epoch is written. The embedded broker, which forgets, has its own smaller bound.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int FlushBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// Megabytes that the lanes of this process hold together between the log and the lake; beyond that the largest are written first, and no more is
    /// read until there is room. A process of 16 lanes that catches up takes some 260 MB besides.
    /// </summary>
    [Range(8, 64 * 1024)]
    public int MemoryBudgetMb { get; set; } = 80;

    /// <summary>The most table partitions, and so objects, of an epoch.</summary>
    [Range(1, 100_000)]
    public int MaxPartitions { get; set; } = 1_000;

    /// <summary>How far ahead of the clock the event time of a foreign record may be before it is dead-lettered.</summary>
    public Duration AllowedSkew { get; set; } = new(TimeSpan.FromMinutes(5));

    /// <summary>The consumer group; absent, its name comes from the lake's.</summary>
    public string? Group { get; set; }

    /// <summary>How often an ingesting node looks for partitions to compact.</summary>
    public Duration CompactInterval { get; set; } = new(TimeSpan.FromMinutes(5));

    /// <summary>How long nothing may have come into a partition before it is compacted, once its time has passed.</summary>
    public Duration CompactAfter { get; set; } = new(TimeSpan.FromMinutes(15));

    /// <summary>How long objects that a compaction has replaced stay; longer than the longest query.</summary>
    public Duration CompactGrace { get; set; } = new(TimeSpan.FromMinutes(10));

    /// <summary>Rows of an object that a compaction makes.</summary>
    [Range(1_000, 100_000_000)]
    public int CompactRows { get; set; } = 1_000_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var least = TimeSpan.FromMilliseconds(10);
        if (FlushInterval.Span < least)
            yield return new ValidationResult("FlushInterval must be at least 10ms.", [nameof(FlushInterval)]);
        if (IdleInterval.Span < least)
            yield return new ValidationResult("IdleInterval must be at least 10ms.", [nameof(IdleInterval)]);
        if (CompactInterval.Span < TimeSpan.FromSeconds(1))
            yield return new ValidationResult("CompactInterval must be at least 1s.", [nameof(CompactInterval)]);
    }
}

namespace StockActors.Sinks.Compaction;

/// <summary>What is compacted when, and how.</summary>
public sealed record CompactionOptions
{
    /// <summary>Rows of an output. A compaction that is under way keeps the figure that its plan has.</summary>
    public int RowsPerObject { get; init; } = 1_000_000;

    /// <summary>How long no epoch may have brought rows of a partition before it counts as closed.</summary>
    public TimeSpan QuietFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long objects that a compaction has replaced stay where they are once this pass has seen the switch. Longer than the longest query.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an unfinished epoch may stand before <see cref="Finisher"/> is asked to finish it: until then its owner is writing it.</summary>
    public TimeSpan FinishAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Finishes epochs whose owner has died; absent, a partition waits for the lane's next owner.</summary>
    public IEpochFinisher? Finisher { get; init; }

    /// <summary>How long to wait before a put whose outcome is unknown is repeated; it doubles up to a hundred times of this.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromMilliseconds(100);
}

namespace StockActors.Analytics.Jobs;

/// <summary>A job as it is configured.</summary>
/// <remarks>Its result has one target: <see cref="Table"/> or <see cref="File"/>. It comes from one source: <see cref="Sql"/>, <see cref="Query"/> or <see cref="Report"/>.</remarks>
public sealed record JobDefinition
{
    /// <summary>Its name: small letters, digits and dashes, a letter first.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>When its slots begin.</summary>
    public required JobSchedule Schedule { get; init; }

    /// <summary>A statement in the engine's dialect, with <see cref="SlotText"/>'s markers.</summary>
    public string? Sql { get; init; }

    /// <summary>The name of a query of the library.</summary>
    public string? Query { get; init; }

    /// <summary>The query's parameters, with <see cref="SlotText"/>'s markers.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of a report that is no query.</summary>
    public string? Report { get; init; }

    /// <summary>The table that its results are partitions of.</summary>
    public string? Table { get; init; }

    /// <summary>The table's partition keys, outermost first: <c>dt</c>, <c>hour</c> (of the slot's beginning in UTC) or <c>slot</c> (its name).</summary>
    public IReadOnlyList<string> Partition { get; init; } = [];

    /// <summary>The file that its result is written to, below the lake, with <see cref="SlotText"/>'s markers.</summary>
    public string? File { get; init; }

    /// <summary>How it is written there.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Csv;

    /// <summary>What becomes of a slot that is due while an earlier one runs.</summary>
    public OverlapPolicy Overlap { get; init; }

    /// <summary>What becomes of slots that were missed.</summary>
    public CatchUpPolicy CatchUp { get; init; }

    /// <summary>How long after it was due a slot counts as missed.</summary>
    public TimeSpan MissedAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a slot is tried before it is given up, 1 or more.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>What is waited before the second attempt; it doubles from one to the next.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>No slot that begins before is run by itself; <c>null</c> for the one that a runner first meets the job in.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The path of the partition that a slot's result is: <c>dt=2026-01-05/hour=14</c>.</summary>
    public string PartitionOf(JobSlot slot) => string.Join('/', Partition.Select(key => $"{key}={SlotText.Value(key, slot)}"));
}

using StockActors.Market;

namespace StockActors.Sinks.Audit;

/// <summary>What an audit has looked at and found.</summary>
/// <param name="Chains">How many chains.</param>
/// <param name="Entries">How many entries they have.</param>
/// <param name="Objects">How many objects were looked at.</param>
/// <param name="Rows">How many rows are committed and seen by readers.</param>
/// <param name="Findings">What does not hold.</param>
/// <param name="Notes">What holds and is worth knowing: unfinished epochs, what operators gave up, garbage, repeats of foreign producers.</param>
public sealed record AuditReport(
    int Chains, long Entries, int Objects, TickCounts Rows, IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Notes)
{
    /// <summary>By lane the offset up to which the log was counted; lanes of which nothing was are left out.</summary>
    public IReadOnlyList<(string TopicId, int Lane, long End)> Counted { get; init; } = [];

    /// <summary>How many records are dead letters.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Whether all that was asked holds.</summary>
    public bool IsClean => Findings.Count == 0;
}

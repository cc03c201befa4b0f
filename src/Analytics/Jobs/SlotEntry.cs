namespace StockActors.Analytics.Jobs;

/// <summary>
/// An entry of a slot's log. It never changes, and it is put only where none of its number stands, by someone who has seen the one before it as the last:
/// so the last entry alone says how the slot stands.
/// </summary>
public sealed record SlotEntry
{
    /// <summary>Its number, from 0.</summary>
    public required int N { get; init; }

    /// <summary>What it says.</summary>
    public required SlotEntryKind Kind { get; init; }

    /// <summary>The job.</summary>
    public required string Job { get; init; }

    /// <summary>The slot's beginning.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The slot's end.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Who has put it: the node, and something that no other process nor call has.</summary>
    public required string By { get; init; }

    /// <summary>When, by its clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many attempts were begun since the slot last had a result, was skipped or given up, or somebody asked for it.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether the cluster's one runner has claimed it, not somebody by hand: its successor need not wait for it.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>When the last attempt began.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Of a claim: when its runner gives up at the latest; from then on anyone may claim the slot anew.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of a failure: when the slot is tried again; <c>null</c> where it is given up.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why it has failed or is skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>The result that stands: readers see this one, and no other attempt's, whatever has been begun since.</summary>
    public SlotResult? Result { get; init; }

    /// <summary>The slot.</summary>
    internal JobSlot Slot => new(From, To);

    /// <summary>Whether nothing is left to be done, unless somebody asks for it.</summary>
    internal bool IsSettled => Kind is SlotEntryKind.Publish or SlotEntryKind.Skip || (Kind == SlotEntryKind.Fail && RetryAt is null);
}

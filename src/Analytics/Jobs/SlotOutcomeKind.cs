namespace StockActors.Analytics.Jobs;

/// <summary>What has come of an attempt to run a slot.</summary>
public enum SlotOutcomeKind
{
    /// <summary>It has a result, of this attempt.</summary>
    Finished,

    /// <summary>It had one already, which is published.</summary>
    HadResult,

    /// <summary>The attempt has failed.</summary>
    Failed,

    /// <summary>Somebody else is running it, and nothing was begun.</summary>
    Held,

    /// <summary>Somebody else has taken it over; what this attempt has made is not seen.</summary>
    Lost,
}

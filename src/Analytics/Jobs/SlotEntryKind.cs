namespace StockActors.Analytics.Jobs;

/// <summary>What an entry of a slot's log says.</summary>
public enum SlotEntryKind
{
    /// <summary>A runner has begun an attempt.</summary>
    Claim,

    /// <summary>The attempt of the claim before has a result, and it is the slot's from now on.</summary>
    Finish,

    /// <summary>That result is known to the catalogue, or in its file.</summary>
    Publish,

    /// <summary>The attempt of the claim before has failed.</summary>
    Fail,

    /// <summary>The runner of the claim before was told to end and has given the slot back.</summary>
    Release,

    /// <summary>The slot is not run.</summary>
    Skip,
}

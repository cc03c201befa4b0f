namespace StockActors.Sinks;

/// <summary>Why a lane stops until an operator has decided.</summary>
public enum LaneStop
{
    /// <summary>The topic was deleted and created again while the lane was being read.</summary>
    TopicRecreated,

    /// <summary>The log begins above the chain's end: retention has dropped records that are not in the lake.</summary>
    LogStartsAboveChain,

    /// <summary>The log begins above the start of an epoch that was claimed and not finished, and that needs reading again.</summary>
    LogStartsAboveEpoch,

    /// <summary>The log ends below the chain's end: records that are in the lake are no longer in the log.</summary>
    LogTruncated,

    /// <summary>The log's reader left out offsets, or gave some again.</summary>
    LogSkipped,

    /// <summary>A chain entry can't be read, or does not follow from the one before it.</summary>
    EntryUnreadable,

    /// <summary>A chain entry is of a kind or version that this build does not know.</summary>
    EntryNewer,

    /// <summary>The log or a data object gives other rows than the chain entry says.</summary>
    RowsDiffer,
}

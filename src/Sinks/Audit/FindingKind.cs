namespace StockActors.Sinks.Audit;

/// <summary>What an audit has found.</summary>
public enum FindingKind
{
    /// <summary>A chain entry can't be read, is missing, or does not begin where its predecessor ends.</summary>
    Chain,

    /// <summary>An object that a chain lists is missing, or has other rows than its entry says.</summary>
    Object,

    /// <summary>An object stands in a table's location that no chain lists.</summary>
    Stray,

    /// <summary>A partition that a finished epoch has rows in is not in the catalogue, or lies where no plan says.</summary>
    Catalogue,

    /// <summary>A compacted partition has other rows than the epochs that it was made of.</summary>
    Compaction,

    /// <summary>A run's sequence of a symbol has a gap or a number twice.</summary>
    Sequence,

    /// <summary>The log and the lake have other numbers of records.</summary>
    Log,

    /// <summary>A query engine counts other rows than the lake has.</summary>
    Engine,
}

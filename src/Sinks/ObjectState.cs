namespace StockActors.Sinks;

/// <summary>What stands where a chain entry says that an object stands; the later ones are the worse.</summary>
internal enum ObjectState
{
    /// <summary>An object of the rows that the entry says.</summary>
    Right,

    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Something else.</summary>
    Wrong,
}

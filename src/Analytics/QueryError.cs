namespace StockActors.Analytics;

/// <summary>What a query fails by.</summary>
public enum QueryError
{
    /// <summary>Itself: its SQL, a value of its rows, or the memory that it needs. Asked again it fails again.</summary>
    Query,

    /// <summary>A limit on what one query may read.</summary>
    Limit,

    /// <summary>The engine has more to do than it takes on: asked again later, it may succeed.</summary>
    Busy,

    /// <summary>Credentials: there are none, they have expired, or they may not do this.</summary>
    Credentials,

    /// <summary>The engine can't be reached.</summary>
    Unreachable,

    /// <summary>The engine itself: asked again, it may succeed.</summary>
    Engine,
}

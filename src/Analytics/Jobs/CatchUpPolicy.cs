namespace StockActors.Analytics.Jobs;

/// <summary>What becomes of slots that were due while no runner was there.</summary>
public enum CatchUpPolicy
{
    /// <summary>All are run, in their order.</summary>
    All,

    /// <summary>The newest is run, the others are skipped.</summary>
    Latest,

    /// <summary>All are skipped.</summary>
    None,
}

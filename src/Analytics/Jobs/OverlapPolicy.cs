namespace StockActors.Analytics.Jobs;

/// <summary>What becomes of a slot that is due while an earlier one of its job still runs.</summary>
public enum OverlapPolicy
{
    /// <summary>It waits until that has ended.</summary>
    Wait,

    /// <summary>It is skipped.</summary>
    Skip,

    /// <summary>It runs beside it.</summary>
    Parallel,
}

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A deliberate bug.</summary>
public enum Mutation
{
    None,
    SkipTheClaim,
    SettleByTheWritersName,
    CommitBeforeTheCatalogue,
    NameByRows,
    TrustTheHint,
    RecoverFromTheNewestOfAnyKind,
    MoveOnlyWhereRowsAre,
    LetALateChainMissThePlan,
    CompactFromAListing,
    CutDifferently,
    SwitchTwice,
    AcceptByTheRecoverersClock,
    TakeEarlyLateRowsAsInput,
    LookPlansUpBeforeTheHead,
    LeaveDeadLettersToTheObjects,
    ShareLookUpsFromBeforeTheHead,
}

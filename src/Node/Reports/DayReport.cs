namespace StockActors.Node.Reports;

/// <summary>What the report of a day says.</summary>
/// <param name="Date">The day, in UTC.</param>
/// <param name="Lake">Where the ticks are.</param>
/// <param name="Engine">Who has answered.</param>
/// <param name="MadeAt">When it was asked.</param>
/// <param name="Run">The run that it is of; <c>null</c> where the day has bars only.</param>
/// <param name="OtherRuns">The other runs with ticks of the day.</param>
/// <param name="Interval">Of a candle.</param>
/// <param name="Symbols">All symbols with trades, the most traded first.</param>
/// <param name="Shown">How many of them, from the first on, it shows one by one.</param>
/// <param name="Volumes">The trades of all symbols, by interval.</param>
/// <param name="Halts">The halts, by symbol and time.</param>
/// <param name="Faults">Where sequences have gaps or repeats.</param>
/// <param name="Bars">What came in as bars.</param>
/// <param name="Lanes">The lanes that the day's ticks came by.</param>
/// <param name="DeadInAll">Dead letters of all chains, whatever day they were of.</param>
/// <param name="LogNote">Why the log was not asked; empty where it was.</param>
internal sealed record DayReport(
    DateOnly Date,
    string Lake,
    string Engine,
    DateTimeOffset MadeAt,
    RunOfDay? Run,
    IReadOnlyList<RunOfDay> OtherRuns,
    TimeSpan Interval,
    IReadOnlyList<SymbolDay> Symbols,
    int Shown,
    IReadOnlyList<VolumeOfInterval> Volumes,
    IReadOnlyList<Halt> Halts,
    IReadOnlyList<SequenceFault> Faults,
    IReadOnlyList<BarsOfDay> Bars,
    IReadOnlyList<LaneOfDay> Lanes,
    long DeadInAll,
    string LogNote)
{
    /// <summary>Stylized facts; <c>null</c> where the day is too short for them.</summary>
    public FactsOfDay? Facts { get; init; }

    /// <summary>How well queries find what the run injected; <c>null</c> where the lake has no truth of it.</summary>
    public IReadOnlyList<DetectionScore>? Scores { get; init; }
}

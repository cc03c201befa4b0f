namespace StockActors.Market;

/// <summary>
/// What was done to a symbol of a run from outside its trading. It stands in the log beside the lane's progress, from the transaction of the first step
/// that it affects: a trading day is a pure function of seed, symbol, day, previous close and these.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Lane">The symbol's lane.</param>
/// <param name="Id">Which of the run's it is; <see cref="IsValidId"/> holds. One that comes again is the same one.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Reason">Why, in one word, as the <see cref="Status"/> record says it (<c>fault</c>, <c>operator</c>, <c>news</c>).</param>
/// <param name="Time">When, in nanoseconds since 1970-01-01 UTC: the beginning of a step, within a trading day.</param>
/// <param name="Size">By how much a shock changes the value, in millionths: above −1,000,000; 0 for the others.</param>
public sealed record Intervention(string RunId, int Lane, string Id, string Symbol, InterventionKind Kind, string Reason, long Time, long Size = 0)
{
    /// <summary>The least and the largest shock that may be, in millionths.</summary>
    public const long LeastShock = -900_000, LargestShock = 9_000_000;

    private const int MaxIdLength = 64;

    /// <summary>Whether a text may be an id: 1 to 64 printable ASCII characters without spaces, quotes and slashes.</summary>
    public static bool IsValidId(string? text) =>
        text is { Length: > 0 and <= MaxIdLength } && text.AsSpan().IndexOfAny("\"'\\/") < 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}

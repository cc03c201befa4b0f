namespace StockActors.Simulator.Replay;

/// <summary>What a file of bars does not say itself.</summary>
public sealed record BarFileOptions
{
    /// <summary>The symbol of a file without a column for it (<c>--symbol</c>); where it is <c>null</c>, the file's name without its extension.</summary>
    public string? Symbol { get; init; }

    /// <summary>
    /// How dates are written, as a custom .NET format such as <c>dd/MM/yyyy</c> (<c>--date-format</c>); where it is <c>null</c>, as in ISO 8601.
    /// </summary>
    public string? DateFormat { get; init; }

    /// <summary>The bars' length such as <c>1d</c> or <c>5m</c> (<c>--interval</c>); where it is <c>null</c>, it is found from the dates.</summary>
    public string? Interval { get; init; }

    /// <summary>
    /// Whether ticks are to be made inside the bars (<c>--synthesise</c>): then a bar whose volume is less than the trades that its prices take is a
    /// bad row.
    /// </summary>
    public bool Synthesise { get; init; }
}

namespace StockActors.Node.Reports;

/// <summary>A run that has ticks of the day.</summary>
/// <param name="RunId">Its id; empty for foreign producers.</param>
/// <param name="Source">Where its ticks are from, as the lake has it: <c>sim</c>, <c>replay</c>, <c>replay_synth</c>, <c>external</c>.</param>
/// <param name="Trades">Its trades of the day.</param>
/// <param name="Quotes">Its quotes.</param>
/// <param name="Status">Its changes of status.</param>
internal sealed record RunOfDay(string RunId, string Source, long Trades, long Quotes, long Status)
{
    /// <summary>What it is called.</summary>
    public string Name => RunId.Length > 0 ? RunId : "foreign producers (no run)";

    public long Ticks => Trades + Quotes + Status;
}

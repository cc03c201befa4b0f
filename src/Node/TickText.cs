using StockActors.Market;

namespace StockActors.Node;

/// <summary>Ticks as a person reads them.</summary>
internal static class TickText
{
    /// <summary>One line: time, symbol, sequence, and what happened.</summary>
    public static string Describe(in Tick tick) =>
        $"{UnixNanos.Format(tick.TsEvent)} {tick.Symbol,-6} #{tick.Sequence?.ToString() ?? "-"} {What(tick)}{(tick.RunId.Length > 0 ? $" ({tick.RunId})" : " (external)")}";

    /// <summary>A level: <c>300 @ 101.25</c>, or <c>-</c> where there is none.</summary>
    public static string Describe(BookLevel? level) => level is { } some ? $"{some.Size} @ {Price.Format(some.Price)}" : "-";

    private static string What(in Tick tick) => tick.Kind switch
    {
        TickKind.Trade => $"trade {tick.Trade.Size} @ {Price.Format(tick.Trade.Price)} {tick.Trade.Side switch { Side.Ask => "sell", Side.Bid => "buy", _ => "no" }} aggressor",
        TickKind.Quote => $"quote {Describe(tick.Book.Bid)} | {Describe(tick.Book.Ask)}",
        TickKind.Status => $"status {tick.Status.Action}{(string.IsNullOrEmpty(tick.Status.Reason) ? "" : $" ({tick.Status.Reason})")}".ToLowerInvariant(),
        _ => $"bar {tick.Bar!.Interval} open {Price.Format(tick.Bar.Open)} high {Price.Format(tick.Bar.High)} low {Price.Format(tick.Bar.Low)} close {Price.Format(tick.Bar.Close)} volume {tick.Bar.Volume?.ToString() ?? "-"}",
    };
}

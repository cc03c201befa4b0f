using System.Globalization;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Node;

/// <summary>Ticks as a person reads them.</summary>
internal static class TickText
{
    /// <summary>One line: time, symbol, sequence, and what happened.</summary>
    public static string Describe(in Tick tick) =>
        $"{UnixNanos.Format(tick.TsEvent)} {tick.Symbol,-6} #{tick.Sequence?.ToString() ?? "-"} {What(tick)}{(tick.RunId.Length > 0 ? $" ({tick.RunId})" : " (external)")}";

    /// <summary>A level: <c>300 @ 101.25</c>, or <c>-</c> where there is none.</summary>
    public static string Describe(BookLevel? level) => level is { } some ? $"{some.Size} @ {Figure(some.Price)}" : "-";

    /// <summary>A price with two decimals, or as many as it has: <c>20.00</c>.</summary>
    public static string Figure(long price) => Figure(Price.ToDecimal(price));

    /// <summary>The same of an exact decimal.</summary>
    public static string Figure(decimal price) => price.ToString("0.00#######", CultureInfo.InvariantCulture);

    /// <summary>What an intervention has come to, for its symbol: <c>is halted</c>.</summary>
    public static string Deed(InterventionKind kind, long size) => kind switch
    {
        InterventionKind.Halt => "is halted",
        InterventionKind.Resume => "trades again",
        _ => string.Create(CultureInfo.InvariantCulture, $"is worth {Math.Abs(size) / 10_000m:0.####} % {(size < 0 ? "less" : "more")}"),
    };

    private static string What(in Tick tick) => tick.Kind switch
    {
        TickKind.Trade => $"trade {tick.Trade.Size} @ {Figure(tick.Trade.Price)} {tick.Trade.Side switch { Side.Ask => "sell", Side.Bid => "buy", _ => "no" }} aggressor",
        TickKind.Quote => $"quote {Describe(tick.Book.Bid)} | {Describe(tick.Book.Ask)}",
        TickKind.Status => $"status {tick.Status.Action}{(string.IsNullOrEmpty(tick.Status.Reason) ? "" : $" ({tick.Status.Reason})")}".ToLowerInvariant(),
        TickKind.Order => Order(tick.Order),
        TickKind.Truth => Truth(tick.Truth!),
        TickKind.Run => $"run of scenario {tick.Run!.Scenario}, seed {tick.Run.Seed}",
        _ => $"bar {tick.Bar!.Interval} open {Figure(tick.Bar.Open)} high {Figure(tick.Bar.High)} low {Figure(tick.Bar.Low)} close {Figure(tick.Bar.Close)} volume {tick.Bar.Volume?.ToString() ?? "-"}",
    };

    private static string Order(in OrderEvent order) => order.Action >= OrderAction.Clear
        ? $"book {TickNames.Of(order.Action)}"
        : $"order {order.OrderId} {TickNames.Of(order.Action)} {(order.Side == Side.Bid ? "buy" : "sell")} {order.Size} @ {(order.Price is { } price ? Figure(price) : "market")}, {order.Remaining} remain";

    private static string Truth(Truth truth)
    {
        var at = truth.Price is { } price ? $" @ {Figure(price)}" : "";
        if (truth.Kind == TruthKind.Value)
            return $"truth: worth{at}";
        var side = truth.Side switch { Side.Bid => " buy", Side.Ask => " sell", _ => "" };
        var traded = truth.Size is { } size ? $" {size}, {truth.Filled ?? 0} filled{at}" : "";
        return $"truth: {TickNames.Of(truth.Kind)}{side}{traded}, since {UnixNanos.Format(truth.Began)}";
    }
}

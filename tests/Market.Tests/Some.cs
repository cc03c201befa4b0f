namespace StockActors.Market.Tests;

/// <summary>One tick of each kind, for tests that need just one.</summary>
internal static class Some
{
    public static readonly Tick Trade = Header with
    {
        Kind = TickKind.Trade,
        Trade = new Trade(426_160_000_000, 800, Side.Ask, 7, AgentClass.Institution, AgentClass.MarketMaker),
        Book = new BestBidOffer(new BookLevel(426_160_000_000, 1_200, 5), new BookLevel(426_170_000_000, 300, null)),
    };

    public static readonly Tick Quote = Header with { Kind = TickKind.Quote, Book = Trade.Book };

    public static readonly Tick Status = Header with
    {
        Kind = TickKind.Status,
        Status = new Status(StatusAction.Halt, "limit-up", false, 440_000_000_000, 410_000_000_000),
    };

    public static readonly Tick Bar = Header with
    {
        Kind = TickKind.Bar,
        Bar = new Bar(2_568_300_049_000, 2_600_000_000_000, 2_500_000_000_000, 2_568_300_049_000, null, 0, 333_879_006_370, "1d"),
    };

    public static readonly Tick Order = Header with
    {
        Kind = TickKind.Order,
        Order = new OrderEvent(OrderAction.Execute, Side.Ask, true, 19, 426_160_000_000, 300, 500, 7),
    };

    public static readonly Tick Truth = Header with
    {
        Kind = TickKind.Truth,
        Truth = new Truth(TruthKind.Spoofing, 1_763_387_990_000_000_000, Side.None, 426_160_000_000, 12_000, 300, 24),
    };

    public static readonly Tick Run = Header with { Kind = TickKind.Run, Run = new RunSetup(7, "busy", "{\"name\":\"busy\"}") };

    private static Tick Header => new() { Source = TickSource.Sim, Symbol = "S032", TsEvent = 1_763_388_000_000_000_000, Sequence = 41, RunId = "run-1" };
}

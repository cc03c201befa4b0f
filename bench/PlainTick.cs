namespace StockActors.Bench;

/// <summary>A trade or quote as a class for System.Text.Json, its prices as decimals.</summary>
internal sealed class PlainTick
{
    public string? Kind { get; set; }

    public string? Symbol { get; set; }

    public long TsEvent { get; set; }

    public long? Sequence { get; set; }

    public string? RunId { get; set; }

    public string? Source { get; set; }

    public decimal? Price { get; set; }

    public long? Size { get; set; }

    public string? Side { get; set; }

    public long? TradeId { get; set; }

    public string? Aggressor { get; set; }

    public string? Resting { get; set; }

    public decimal? BidPx { get; set; }

    public long? BidSz { get; set; }

    public int? BidCt { get; set; }

    public decimal? AskPx { get; set; }

    public long? AskSz { get; set; }

    public int? AskCt { get; set; }
}

using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>quotes</c>.</summary>
internal sealed class QuoteColumns(RowTexts texts) : TableColumns(TickKind.Quote, texts)
{
    private readonly LevelColumns _bid = new("bid");
    private readonly LevelColumns _ask = new("ask");

    protected override IEnumerable<Column> Own => [.. _bid.All, .. _ask.All];

    protected override void AppendOwn(int row, in Tick tick)
    {
        _bid.Set(row, tick.Book.Bid);
        _ask.Set(row, tick.Book.Ask);
    }
}

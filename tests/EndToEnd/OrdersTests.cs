using System.Text.Json;
using StockActors.Market;
using StockActors.Simulator.Tests.Exchange;

namespace StockActors.EndToEnd;

/// <summary>The L3 feed without a Kafka: a fresh book makes of the lake's orders the lake's quotes and trades.</summary>
public sealed class OrdersTests : IDisposable
{
    private const int Symbols = 4;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_fresh_book_makes_of_the_lakes_orders_the_lakes_quotes_and_trades()
    {
        // Past the opening auction, which is a minute after the open.
        var run = await _cli.RunAsync("demo", "--level", "3", "--symbols", $"{Symbols}", "--speed", "120x", "--duration", "4s", "--json");
        Assert.True(run.Exit == 0, run.ToString());
        Assert.True(run.Json.GetProperty("balance").GetProperty("parquet").GetProperty("orders").GetInt64() > 1_000, run.ToString());
        Assert.Equal(0, (await _cli.RunAsync("audit", "--engine", "duckdb")).Exit);

        var books = new Dictionary<string, FeedBook>();
        foreach (var row in await _cli.QueryAsync(
            "select symbol, ts_event, sequence, event, order_id, side, price, size, remaining, trade_id, is_last from orders order by symbol, sequence"))
        {
            var symbol = row["symbol"].GetString()!;
            if (!books.TryGetValue(symbol, out var book))
                books.Add(symbol, book = new FeedBook());
            book.Apply(new Tick
            {
                Kind = TickKind.Order,
                Symbol = symbol,
                TsEvent = row["ts_event"].GetInt64(),
                Sequence = row["sequence"].GetInt64(),
                Order = new OrderEvent(
                    Enum.Parse<OrderAction>(row["event"].GetString()!, ignoreCase: true), SideOf(row["side"]), row["is_last"].GetBoolean(), Number(row["order_id"]) ?? 0,
                    PriceOf(row["price"]), Number(row["size"]) ?? 0, Number(row["remaining"]) ?? 0, Number(row["trade_id"])),
            });
        }

        Assert.Equal(Symbols, books.Count);
        var told = (await _cli.QueryAsync(
            """
            select * from (select symbol, sequence, ts_event, price, size, side, trade_id,
              bid_px, bid_sz, bid_ct, ask_px, ask_sz, ask_ct from trades
            union all select symbol, sequence, ts_event, null, null, null, null,
              bid_px, bid_sz, bid_ct, ask_px, ask_sz, ask_ct from quotes) order by symbol, sequence
            """)).ToLookup(row => row["symbol"].GetString()!);
        foreach (var (symbol, book) in books)
            Assert.Equal(told[symbol].Select(Told), book.Told);
    }

    [Fact]
    public async Task A_lake_of_ticks_alone_has_no_table_of_orders()
    {
        var run = await _cli.RunAsync("demo", "--duration", "2s", "--symbols", "2");
        Assert.True(run.Exit == 0, run.ToString());
        Assert.DoesNotContain(Directory.GetDirectories(Path.Combine(_cli.Directory, "lake"), "orders*", SearchOption.AllDirectories), _ => true);
        var query = await _cli.RunAsync("query", "select * from orders");
        Assert.Equal(1, query.Exit);
    }

    private static (long Time, Trade? Trade, BestBidOffer Book) Told(Dictionary<string, JsonElement> row) => (
        row["ts_event"].GetInt64(),
        PriceOf(row["price"]) is { } price
            ? new Trade(price, row["size"].GetInt64(), SideOf(row["side"]), Number(row["trade_id"]), AgentClass.Unknown, AgentClass.Unknown) : null,
        new BestBidOffer(Level(row, "bid"), Level(row, "ask")));

    private static BookLevel? Level(Dictionary<string, JsonElement> row, string side) =>
        PriceOf(row[$"{side}_px"]) is { } price ? new BookLevel(price, row[$"{side}_sz"].GetInt64(), (int)row[$"{side}_ct"].GetInt64()) : null;

    private static Side SideOf(JsonElement side) => side.GetString() switch { "A" => Side.Ask, "B" => Side.Bid, _ => Side.None };

    private static long? PriceOf(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? null : decimal.ToInt64(cell.GetDecimal() * Price.One);

    private static long? Number(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? null : cell.GetInt64();
}

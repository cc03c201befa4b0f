using StockActors.Market;
using StockActors.Simulator.Tests.Exchange;

namespace StockActors.EndToEnd;

/// <summary>The L3 feed on a real Kafka.</summary>
[Collection(StackCollection.Name)]
public sealed class OrderFeedTests(Stack stack) : IDisposable
{
    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"e2e-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_run_that_is_killed_has_every_record_of_its_orders_once_and_a_fresh_book_makes_its_quotes_and_trades_of_them()
    {
        string[] args = ["demo", "--topic", _topic, "--symbols", "5", "--level", "3"];
        for (var life = 0; life < LongRun.Of(1, 6); life++)
        {
            var demo = _cli.Start([.. args, "--speed", "max"]);
            await demo.SeeAsync("20,000 published", line => Cli.Published(line) > 20_000);
            demo.Signal("KILL");
            await demo.EndAsync();
        }

        var last = await _cli.RunAsync([.. args, "--duration", "2s", "--json"]);
        Assert.True(last.Exit == 0, last.ToString());
        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--full", "--engine", "duckdb");
        Assert.True(audit.Exit == 0, audit.ToString());

        var books = new Dictionary<string, FeedBook>();
        await TopicRecords.EachAsync(stack.Kafka, TickFeeds.TopicOf(_topic, TickKind.Order), (_, tick) =>
        {
            if (!books.TryGetValue(tick.Symbol, out var book))
                books.Add(tick.Symbol, book = new FeedBook());
            book.Apply(tick);
        });
        var told = books.ToDictionary(book => book.Key, _ => new List<(long Time, Trade? Trade, BestBidOffer Book)>());
        await TopicRecords.EachAsync(stack.Kafka, _topic, (_, tick) =>
        {
            if (tick.Kind is TickKind.Trade or TickKind.Quote)
                told[tick.Symbol].Add(FeedBook.Of(tick));
        });
        Assert.Equal(5, books.Count);
        foreach (var (symbol, book) in books)
            Assert.Equal(told[symbol], book.Told);

        var other = await _cli.RunAsync("demo", "--topic", _topic, "--symbols", "5", "--duration", "1s");
        Assert.Equal(1, other.Exit);
        Assert.Contains("level was 3, now 1", other.Error, StringComparison.Ordinal);
    }
}

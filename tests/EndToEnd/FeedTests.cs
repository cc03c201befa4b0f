using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using StockActors.Simulator.Tests.Exchange;

namespace StockActors.EndToEnd;

/// <summary>The feeds beside the ticks on a real Kafka.</summary>
[Collection(StackCollection.Name)]
public sealed class FeedTests(Stack stack) : IDisposable
{
    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"e2e-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_run_that_is_killed_has_every_record_beside_its_ticks_once_a_fresh_book_makes_its_quotes_and_trades_of_its_orders_and_its_truth_is_the_simulations()
    {
        string[] args = ["demo", "--topic", _topic, "--symbols", "5", "--level", "3", "--truth"];
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
        await TopicRecords.EachAsync(stack.Kafka, TickFeeds.TopicOf(_topic, TickFeed.Orders), (_, tick) =>
        {
            if (!books.TryGetValue(tick.Symbol, out var book))
                books.Add(tick.Symbol, book = new FeedBook());
            book.Apply(tick);
        });
        var truths = new Dictionary<string, List<Tick>>();
        await TopicRecords.EachAsync(stack.Kafka, TickFeeds.TopicOf(_topic, TickFeed.Truth), (_, tick) =>
        {
            if (!truths.TryGetValue(tick.Symbol, out var own))
                truths.Add(tick.Symbol, own = []);
            own.Add(tick);
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

        foreach (var market in ScenarioFile.Open("calm").Markets(5))
        {
            var (own, end) = (truths[market.Symbol], told[market.Symbol][^1].Time);
            var simulated = Simulate(market with { TellsTruth = true }, own[0].RunId).TakeWhile(tick => tick.TsEvent <= end).Where(tick => TickFeeds.Of(tick.Kind) == TickFeed.Truth);
            Assert.Equal(simulated, own.Where(tick => tick.TsEvent <= end));
        }

        var other = await _cli.RunAsync("demo", "--topic", _topic, "--symbols", "5", "--duration", "1s");
        Assert.Equal(1, other.Exit);
        Assert.Contains("level was 3, now 1; truth was told, now not told", other.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<Tick> Simulate(MarketSpec market, string runId)
    {
        var exchange = new Exchange([market], seed: 1, runId);
        for (var day = market.Scenario.Days.OnOrAfter(new DateOnly(2026, 1, 5)); ; day = market.Scenario.Days.After(day))
        {
            foreach (var tick in exchange.Run(day))
                yield return tick;
        }
    }
}

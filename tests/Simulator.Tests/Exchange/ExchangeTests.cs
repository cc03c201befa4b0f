using System.Buffers;
using System.Security.Cryptography;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using TheExchange = StockActors.Simulator.Exchange.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class ExchangeTests
{
    [Theory]
    [InlineData("calm", "2135379fde22bdf6")]
    [InlineData("busy", "273e530b31956643")]
    [InlineData("crisis", "8fd8da4cd27229de")]
    public void The_first_day_of_a_shipped_scenario_is_what_it_has_always_been(string scenario, string expected)
    {
        // Changes only with the engine's version or the scenario's numbers, and with both only on purpose: no run of the old ones can be gone on with.
        Assert.Equal(expected, Sha256(new TheExchange(ScenarioFile.Open(scenario), seed: 1, symbols: 1, Days.RunId).Run(Days.First))[..16]);
    }

    [Fact]
    public void An_exchange_s_days_are_those_of_its_markets_by_time()
    {
        var exchange = new TheExchange(Scenario.Calm, seed: 1, symbols: 3, Days.RunId);
        var positions = exchange.Markets.Select(spec => spec.AtFirstOpen).ToArray();
        foreach (var day in new[] { Days.First, Days.First.Next.Next })
        {
            var ticks = exchange.Run(day).ToList();
            Assert.Equal(ticks.OrderBy(t => t.TsEvent).ThenBy(t => t.Symbol, StringComparer.Ordinal).ThenBy(t => t.Sequence), ticks);
            for (var i = 0; i < positions.Length; i++)
            {
                var engine = new MarketEngine(exchange.Markets[i], Days.RunId, 1, day, positions[i]);
                Assert.Equal(Days.Run(engine), ticks.Where(t => t.Symbol == engine.Position.Symbol));
                positions[i] = engine.NextDay();
            }
        }
    }

    [Fact]
    public void Days_go_forward_and_are_read_to_their_ends()
    {
        var exchange = new TheExchange(Scenario.Calm, seed: 1, symbols: 1);
        var day = exchange.Run(Days.First);
        Assert.Contains("read to its end", Assert.Throws<InvalidOperationException>(() => exchange.Run(Days.First.Next)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(day.ToList());
        Assert.Contains("2026-01-05", Assert.Throws<InvalidOperationException>(() => exchange.Run(Days.First)).Message, StringComparison.Ordinal);
        Assert.True(exchange.BookEvents > 10_000);
    }

    internal static string Sha256(IEnumerable<Tick> ticks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var tick in ticks)
        {
            bytes.ResetWrittenCount();
            TickEncoder.Encode(tick, WireFormat.Protobuf, bytes);
            hash.AppendData(bytes.WrittenSpan);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

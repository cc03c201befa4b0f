using System.Text;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    private const string Described = """
        {
          // A comment, and a comma too many: a person writes this.
          "name": "mine",
          "calendar": { "holidays": ["2026-01-19"] },
          "factor": { "daily_percent": 1, "overnight_percent": 0.5, "jumps_per_day": 1, "jump_percent": 0.5 },
          "clustering": { "step": 0.2, "market_components": 3, "own_components": 3, "fastest_seconds": 60, "ratio": 4 },
          "session": { "open_activity": 1, "close_activity": 1, "open_volatility": 1, "close_volatility": 1, "decay_minutes": 30 },
          "volatility": { "wild": { "daily_percent": 2, "overnight_percent": 1, "beta": 1, "jumps_per_day": 1, "jump_percent": 1, "half_life_days": 30, "band_percent": 10 } },
          "traders": {
            "few": {
              "arrivals": { "per_second": 1, "branching": 0.5, "time_scales_seconds": [1, 10], "volatility_exponent": 1 },
              "noise": { "count": 3, "share": 0.5, "cancel": 0.3, "take": 0.2, "distance_bp": 5, "size_exponent": 2, "max_lots": 10 },
              "value": { "count": 2, "share": 0.2, "error_bp": 5, "threshold_bp": 5, "lots": 1, "max_lots": 10 },
              "momentum": { "count": 0, "share": 0, "horizon_seconds": 30, "threshold_bp": 5, "lots": 1, "max_position_lots": 10 },
              "market_makers": { "count": 1, "share": 0.3, "levels": 2, "half_spread_bp": 3, "level_gap_bp": 3, "lots": 2, "max_position_lots": 30, "skew": 1, "information": 0.5 },
              "institutions": { "count": 0, "share": 0, "children_exponent": 1.5, "min_children": 2, "max_children": 50, "child_lots": 1, "take": 0.5, "idle_actions": 5 }
            }
          },
          "symbols": [{ "symbol": "ACME", "start_price": 12.5, "tick_size": 0.005, "lot": 10, "volatility": "wild", "traders": "few" }],
          "anomalies": [{ "kind": "fat-finger", "symbol": "ACME", "date": "2026-01-05", "from": "15:00:00", "lots": 100 }],
        }
        """;

    [Fact]
    public void Shipped_scenarios_can_be_read_and_differ()
    {
        var shipped = ScenarioFile.Names.Select(ScenarioFile.Open).ToList();
        Assert.Equal(["calm", "busy", "crisis"], shipped.Select(s => s.Name));
        Assert.Equal(3, shipped.Select(s => s.Digest).Distinct().Count());
        Assert.All(shipped, s => Assert.Equal(200, s.Markets(200).DistinctBy(m => m.Symbol).Count()));
    }

    [Fact]
    public void What_a_file_says_of_a_symbol_is_what_its_market_is()
    {
        var scenario = Read(Described);
        var market = Assert.Single(scenario.Markets(1));
        Assert.Equal(("ACME", 12_500_000_000, 5_000_000, 10), (market.Symbol, market.StartPrice, market.TickSize, market.Lot));
        Assert.Equal((2.0, 3), (market.Volatility.DailyPercent, market.Traders.Noise.Count));
        Assert.Contains("describes 1 symbols", Assert.Throws<ScenarioException>(() => scenario.Markets(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tick_size_that_grows_with_the_price_is_the_grid_of_the_market()
    {
        var scenario = Read(Described.Replace("0.005", """[{ "from": 0, "step": 0.002 }, { "from": 1, "step": 0.005 }, { "from": 20, "step": 0.02 }]""", StringComparison.Ordinal));
        var market = Assert.Single(scenario.Markets(1));

        // The steps have 0.001 in common.
        Assert.Equal((1_000_000, 12_500_000_000), (market.TickSize, market.StartPrice));
        Assert.Equal([2, 5, 5, 20], new long[] { 998, 1_000, 19_999, 20_000 }.Select(market.Grid.StepAt));
        Assert.NotEqual(Read(Described).Digest, scenario.Digest);
        Assert.Equal(Read(Described).Digest, Read(Described.Replace("0.005", """[{ "from": 0, "step": 0.005 }]""", StringComparison.Ordinal)).Digest);
        Assert.Equal(scenario.Digest, Read(Described.Replace("0.005", """[{ "step": 0.002, "from": 0, }, { "from": 1, "step": 0.005 }, { "from": 20, "step": 0.02 }]""", StringComparison.Ordinal)).Digest);
    }

    [Fact]
    public void Prices_by_rule_lie_on_the_grid()
    {
        var more = Scenario.Calm.More! with
        {
            PriceFrom = 1,
            PriceTo = 200,
            TickSize = new TickSizes([new() { From = 0, Step = 0.01m }, new() { From = 10, Step = 0.05m }, new() { From = 50, Step = 0.25m }]),
        };
        var prices = (Scenario.Calm with { More = more }).Markets(500).Select(market => Market.Price.ToDecimal(market.StartPrice)).ToList();
        Assert.All(prices, price => Assert.Equal(0, price % (price < 10 ? 0.01m : price < 50 ? 0.05m : 0.25m)));
        Assert.InRange(prices.Distinct().Count(), 400, 500);
    }

    [Fact]
    public void A_digest_is_of_what_is_said_and_not_of_how_it_is_written()
    {
        Assert.Equal(Read(Described).Digest, Read(Described.ReplaceLineEndings("\n   ")).Digest);
        Assert.NotEqual(Read(Described).Digest, Read(Described.Replace("\"lots\": 100", "\"lots\": 101", StringComparison.Ordinal)).Digest);
    }

    [Theory]
    [InlineData("\"name\": \"mine\"", "\"name\": \"a b\"", "name: must be 1 to 32")]
    [InlineData("\"name\": \"mine\",", "", "these fields are missing: 'name'")]
    [InlineData("\"step\": 0.2", "\"steps\": 0.2", "clustering")]
    [InlineData("\"step\": 0.2", "\"steps\": 0.2", "steps")]
    [InlineData("\"step\": 0.2", "\"step\": 2", "clustering.step: must be from 0 to 1, and is 2")]
    [InlineData("\"count\": 3", "\"count\": \"three\"", "traders.few.noise.count (line 12): the value is of the wrong kind")]
    [InlineData("\"count\": 3", "\"count\": -3", "traders.few.noise.count: must be from 0 to 1000, and is -3")]
    [InlineData("[1, 10]", "[]", "traders.few.arrivals.time_scales_seconds: must have 1 to 6 entries")]
    [InlineData("[1, 10]", "[0]", "traders.few.arrivals.time_scales_seconds: must each be from 0.001 to 36000")]
    [InlineData("\"max_children\": 50", "\"max_children\": 1", "traders.few.institutions.max_children: must be at least min_children, 2, and is 1")]
    [InlineData("\"ACME\", \"start", "\"AC ME\", \"start", "symbols[0].symbol: 'AC ME' is no symbol")]
    [InlineData("12.5", "12.501", "symbols[0].start_price: must be a multiple of tick_size, 0.005, and is 12.501")]
    [InlineData("0.005", "0.0000000005", "symbols[0].tick_size: must be from 0.000000001 to 1000000, and is 0.0000000005")]
    [InlineData("0.005", "0.0050000001", "symbols[0].tick_size: must have nine decimals at most")]
    [InlineData("0.005", "\"fine\"", "symbols[0].tick_size (line 19): the value is of the wrong kind")]
    [InlineData("0.005", "[]", "symbols[0].tick_size: must be a number or have 1 to 100 bands")]
    [InlineData("0.005", "[null]", "symbols[0].tick_size (line 19): a band is null")]
    [InlineData("0.005", "[{ \"from\": 0 }]", "symbols[0].tick_size[0] (line 19): these fields are missing: 'step'.")]
    [InlineData("0.005", "[{ \"from\": 0, \"stop\": 1 }]", "symbols[0].tick_size[0].stop (line 19): there is no field 'stop'")]
    [InlineData("0.005", "[{ \"from\": 0, \"step\": 0.005 }, { \"from\": 5, \"step\": \"x\" }]", "symbols[0].tick_size[1].step (line 19): the value is of the wrong kind")]
    [InlineData("0.005", "[{ \"from\": 0, \"step\": 0.005 }, { \"from\": 5, \"step\": 0 }]", "symbols[0].tick_size[1].step: must be from 0.000000001 to 1000000, and is 0")]
    [InlineData("0.005", "[{ \"from\": 1, \"step\": 0.005 }, { \"from\": 5, \"step\": 0.01 }]", "symbols[0].tick_size[0].from: must be 0 in the first band, and is 1")]
    [InlineData("0.005", "[{ \"from\": 0, \"step\": 0.005 }, { \"from\": 0, \"step\": 0.01 }]", "symbols[0].tick_size[1].from: must be above that of the band before, 0,")]
    [InlineData("0.005", "[{ \"from\": 0, \"step\": 0.005 }, { \"from\": 5.005, \"step\": 0.01 }]", "symbols[0].tick_size[1].from: must be a multiple of the steps on both sides, 0.005 and 0.01, and is 5.005")]
    [InlineData("0.005", "[{ \"from\": 0, \"step\": 0.005 }, { \"from\": 10, \"step\": 1 }]", "symbols[0].start_price: must be a multiple of tick_size from 10 on, 1, and is 12.5")]
    [InlineData("\"volatility\": \"wild\"", "\"volatility\": \"tame\"", "symbols[0].volatility: there is no class 'tame'; there are wild")]
    [InlineData("\"traders\": \"few\"", "\"traders\": \"many\"", "symbols[0].traders: there is no mix 'many'; there are few")]
    [InlineData("fat-finger", "thin-finger", "anomalies[0].kind (line 20): the value is of the wrong kind, or not one of those that are known")]
    [InlineData("\"lots\": 100", "\"lots\": 0", "anomalies[0].lots: must be 1 or more, and is 0")]
    [InlineData("\"from\": \"15:00:00\"", "\"from\": \"15:00:00\", \"to\": \"14:00:00\"", "anomalies[0].to: must not be before from")]
    [InlineData("\"from\": \"15:00:00\"", "\"from\": \"15:00:00\", \"seconds\": 5", "anomalies[0].seconds: a fat-finger takes no time")]
    [InlineData("2026-01-19", "2026-19-01", "calendar.holidays[0]")]
    [InlineData("\"name\": \"mine\",", "\"name\" \"mine\",", "(line 3)")]
    public void What_is_wrong_is_told_with_file_and_field(string part, string instead, string message)
    {
        Assert.Contains(part, Described, StringComparison.Ordinal);
        var at = Described.IndexOf(part, StringComparison.Ordinal);
        var error = Assert.Throws<ScenarioException>(() => Read(Described[..at] + instead + Described[(at + part.Length)..]));
        Assert.StartsWith("mine.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_none_says_which_there_are() =>
        Assert.Contains("calm, busy, crisis", Assert.Throws<ScenarioException>(() => ScenarioFile.Open("quiet")).Message, StringComparison.Ordinal);

    private static Scenario Read(string json) => ScenarioFile.Read(Encoding.UTF8.GetBytes(json), "mine.json");
}

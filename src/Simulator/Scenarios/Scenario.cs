using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Scenarios;

/// <summary>What is simulated: symbols, who trades them, how their values move, and what goes wrong. Read from JSON by <see cref="ScenarioFile"/>.</summary>
public sealed record Scenario
{
    /// <summary>Its name.</summary>
    [RegularExpression("^[a-zA-Z0-9._-]{1,32}$", ErrorMessage = "must be 1 to 32 of the characters a-z, A-Z, 0-9, '.', '_' and '-'")]
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>The days on which the exchange is closed.</summary>
    public CalendarModel Calendar
    {
        get;
        init
        {
            field = value;
            Days = new TradingCalendar(value.Holidays);
        }
    } = new();

    /// <summary>The exchange days.</summary>
    [JsonIgnore]
    public TradingCalendar Days { get; private init; } = TradingCalendar.Weekdays;

    /// <summary>What moves all symbols together.</summary>
    public required FactorModel Factor { get; init; }

    /// <summary>How calm and agitated times follow each other.</summary>
    public required ClusteringModel Clustering { get; init; }

    /// <summary>How activity and volatility go over the day.</summary>
    public required SessionModel Session { get; init; }

    /// <summary>Classes of volatility, by name.</summary>
    [Length(1, 100)]
    public required IReadOnlyDictionary<string, VolatilityClass> Volatility { get; init; }

    /// <summary>Mixes of traders, by name.</summary>
    [Length(1, 100)]
    public required IReadOnlyDictionary<string, TraderMix> Traders { get; init; }

    /// <summary>Symbols that are described one by one; they come first.</summary>
    public IReadOnlyList<SymbolModel> Symbols { get; init; } = [];

    /// <summary>How any further symbols are; without it there are only those that are described.</summary>
    public MoreSymbols? More { get; init; }

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<Anomaly> Anomalies { get; init; } = [];

    /// <summary>A digest of all of it, 16 hexadecimal digits: scenarios of one digest make the same ticks.</summary>
    [JsonIgnore]
    public string Digest { get; init; } = "";

    /// <summary>The shipped scenario that is used where none is named.</summary>
    public static Scenario Calm { get; } = ScenarioFile.Shipped("calm");

    /// <summary>The scenario's first symbols.</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <exception cref="ScenarioException">It has not so many.</exception>
    public IReadOnlyList<MarketSpec> Markets(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (More is null && count > Symbols.Count)
        {
            throw new ScenarioException(
                $"Scenario {Name} describes {Symbols.Count} symbols, and {count} are asked for: ask for fewer with --symbols, or say with 'more' how others are.");
        }

        return [.. Enumerable.Range(0, count).Select(Market)];
    }

    /// <summary>The symbol of a number.</summary>
    internal MarketSpec Market(int index)
    {
        if (index < Symbols.Count)
        {
            var symbol = Symbols[index];
            return new MarketSpec(
                symbol.Symbol, Units(symbol.StartPrice), symbol.TickSize.Unit, symbol.Lot, this, symbol.Volatility, symbol.Traders, symbol.TickSize.Grid);
        }

        // Prices are spread by the golden ratio, so that any number of symbols covers the range.
        var more = More!;
        var n = (uint)(index - Symbols.Count);
        var (tick, grid) = (more.TickSize.Unit, more.TickSize.Grid);
        var (low, high) = (Units(more.PriceFrom) / tick, Units(more.PriceTo) / tick);
        var price = low + (long)Math.BigMul((ulong)(n * 0x9e3779b9), (ulong)(high - low), out var fraction) + (long)(fraction >> 32);
        return new MarketSpec(
            $"{more.Prefix}{n:D3}", grid.AtOrBelow(price) * tick, tick, more.Lot, this, more.Volatility[(int)(n % more.Volatility.Count)],
            more.Traders[(int)(n % more.Traders.Count)], grid);
    }

    private static long Units(decimal price) => (long)(price * Price.One);
}

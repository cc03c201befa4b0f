using StockActors.Market;
using StockActors.Simulator.Book;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>What one symbol's market is. The same for a whole run.</summary>
public sealed record MarketSpec
{
    private readonly string _volatility;
    private readonly string _traders;

    /// <summary>Describes a market of <see cref="Scenario.Calm"/>.</summary>
    /// <inheritdoc cref="MarketSpec(string, long, long, int, Scenario, string, string, PriceGrid)"/>
    public MarketSpec(string symbol, long startPrice, long tickSize, int lot)
        : this(symbol, startPrice, tickSize, lot, Scenario.Calm, Scenario.Calm.Volatility.Keys.First(), Scenario.Calm.Traders.Keys.First())
    {
    }

    /// <summary>Describes a market.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="startPrice">
    /// The first day's previous close in units of 1e-9, a multiple of <paramref name="tickSize"/> on the <paramref name="grid"/> and at most half of
    /// <see cref="Price.Max"/>.
    /// </param>
    /// <param name="tickSize">The least difference of two prices in units of 1e-9, 1 or more: a price tick.</param>
    /// <param name="lot">The unit of sizes, 1 or more.</param>
    /// <param name="scenario">What it is a market of.</param>
    /// <param name="volatility">The name of its class of volatility in the scenario.</param>
    /// <param name="traders">The name of its mix of traders in the scenario.</param>
    /// <param name="grid">Which prices there are, in price ticks, where the difference depends on the price; all where it is <c>null</c>.</param>
    /// <exception cref="ArgumentException">One of them is out of range; the message says which and why.</exception>
    public MarketSpec(string symbol, long startPrice, long tickSize, int lot, Scenario scenario, string volatility, string traders, PriceGrid? grid = null)
    {
        if (!Market.Symbol.IsValid(symbol))
        {
            throw new ArgumentException(
                $"'{symbol}' is no symbol: 1 to {Market.Symbol.MaxLength} printable ASCII characters without spaces, quotes or slashes.", nameof(symbol));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tickSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(lot, 1);
        (TickSize, Grid) = (tickSize, grid ?? PriceGrid.Whole);
        if (startPrice > Price.Max / 2 || !IsPrice(startPrice))
        {
            throw new ArgumentOutOfRangeException(
                nameof(startPrice),
                startPrice,
                $"{symbol} must start at a multiple of its tick size, {Price.Format(Grid.StepAt(Math.Max(0, startPrice) / tickSize) * tickSize)}, and at most at {Price.Format(Price.Max / 2)}, which leaves room to rise.");
        }

        (Symbol, StartPrice, Lot, Scenario) = (symbol, startPrice, lot, scenario);
        (Volatility, Traders, _volatility, _traders) = (scenario.Volatility[volatility], scenario.Traders[traders], volatility, traders);
    }

    /// <summary>The symbol.</summary>
    public string Symbol { get; }

    /// <summary>The first day's previous close in units of 1e-9; the price around which the market stays in the long run.</summary>
    public long StartPrice { get; }

    /// <summary>The least difference of two prices in units of 1e-9: a price tick.</summary>
    public long TickSize { get; }

    /// <summary>Which prices there are, in price ticks.</summary>
    public PriceGrid Grid { get; }

    /// <summary>The unit of sizes.</summary>
    public int Lot { get; }

    /// <summary>What it is a market of.</summary>
    public Scenario Scenario { get; }

    /// <summary>Its class of volatility.</summary>
    public VolatilityClass Volatility { get; }

    /// <summary>Who trades it.</summary>
    public TraderMix Traders { get; }

    /// <summary>Whether every change of every order is told beside the ticks (<see cref="TickKind.Order"/>); nothing else follows from it.</summary>
    public bool TellsOrders { get; init; }

    /// <summary>Whether what is simulated, and what was really so in it, is told beside the ticks (<see cref="TickFeed.Truth"/>); nothing else follows from it.</summary>
    public bool TellsTruth { get; init; }

    /// <summary>Where the market stands at the open of a run's first day.</summary>
    public MarketPosition AtFirstOpen => new(Symbol, NextSequence: 1, NextTradeId: 1, StartPrice, TickChecksum.Empty, NextOrder: TellsOrders ? 1 : 0, NextTruth: TellsTruth ? 1 : 0);

    /// <summary>A scenario of this symbol alone, as JSON: its first symbol is this one, and with the same seed it makes the same ticks.</summary>
    public string Configuration => ScenarioFile.Write(Scenario with
    {
        Volatility = new Dictionary<string, VolatilityClass> { [_volatility] = Volatility },
        Traders = new Dictionary<string, TraderMix> { [_traders] = Traders },
        Symbols =
        [
            new SymbolModel
            {
                Symbol = Symbol,
                StartPrice = Price.ToDecimal(StartPrice),
                TickSize = new TickSizes([.. Grid.Bands.Select(band => new TickSizeBand { From = Price.ToDecimal(band.From * TickSize), Step = Price.ToDecimal(band.Step * TickSize) })]),
                Lot = Lot,
                Volatility = _volatility,
                Traders = _traders,
            },
        ],
        More = null,
    });

    /// <summary>Whether the symbol can trade at a price in units of 1e-9.</summary>
    public bool IsPrice(long price) => price > 0 && price % TickSize == 0 && Grid.Contains(price / TickSize);

    /// <summary>The symbol of a number of <see cref="Scenario.Calm"/>: <c>S000</c>, <c>S001</c> …</summary>
    /// <param name="index">0 or more.</param>
    public static MarketSpec Default(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Scenario.Calm.Market(index);
    }
}

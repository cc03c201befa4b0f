using System.Text.Json.Serialization;
using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Scenarios;

/// <summary>The least difference of two prices: the same everywhere, or growing with the price. In JSON a number, or a list of bands.</summary>
/// <param name="bands">Ascending, the first from 0.</param>
[JsonConverter(typeof(TickSizesConverter))]
public sealed class TickSizes(IReadOnlyList<TickSizeBand> bands)
{
    internal const int MostBands = 100;
    internal const decimal LeastStep = 0.000000001m;
    internal const decimal LargestStep = 1_000_000;

    /// <summary>The bands; one where the step is the same everywhere.</summary>
    public IReadOnlyList<TickSizeBand> Bands { get; } = bands;

    /// <summary>The largest difference of which every price is a multiple, in units of 1e-9.</summary>
    internal long Unit => Bands.Select(band => Units(band.Step)).Aggregate(GreatestDivisor);

    /// <summary>The prices there are, in multiples of <see cref="Unit"/>.</summary>
    internal PriceGrid Grid => Bands.Count == 1 ? PriceGrid.Whole : new PriceGrid([.. Bands.Select(band => (Units(band.From) / Unit, Units(band.Step) / Unit))]);

    /// <summary>The band that a price lies in.</summary>
    internal TickSizeBand At(decimal price) => Bands.Last(band => band.From <= price);

    private static long Units(decimal price) => (long)(price * Price.One);

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}

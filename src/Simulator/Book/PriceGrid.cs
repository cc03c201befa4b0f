namespace StockActors.Simulator.Book;

/// <summary>Which prices there are where the least difference of two prices depends on the price. Prices are in price ticks, the finest difference of all.</summary>
public sealed class PriceGrid
{
    /// <summary>Every whole number of price ticks.</summary>
    public static readonly PriceGrid Whole = new((0, 1));

    private readonly (long From, long Step)[] _bands;

    /// <summary>Makes a grid.</summary>
    /// <param name="bands">
    /// From which price on neighbours are how far apart: ascending from 0; where one step follows another, the price is a multiple of both.
    /// </param>
    /// <exception cref="ArgumentException">A band is out of order or begins off the grid; the message names it.</exception>
    public PriceGrid(params (long From, long Step)[] bands)
    {
        if (bands is not [(0, _), ..])
            throw new ArgumentException("The first band of a price grid is from 0.", nameof(bands));
        for (var i = 0; i < bands.Length; i++)
        {
            var (from, step) = bands[i];
            if (step is < 1 or > OrderBook.MaxPrice)
                throw new ArgumentException($"The step from {from} on, {step}, is not from 1 to {OrderBook.MaxPrice}.", nameof(bands));
            if (i > 0 && (from <= bands[i - 1].From || from > OrderBook.MaxPrice || from % step != 0 || from % bands[i - 1].Step != 0))
            {
                throw new ArgumentException(
                    $"The band from {from} on in steps of {step} does not join that from {bands[i - 1].From} on in steps of {bands[i - 1].Step}: it must be above it and a multiple of both steps.",
                    nameof(bands));
            }
        }

        _bands = [.. bands];
    }

    /// <summary>From which price on neighbours are how far apart.</summary>
    public IReadOnlyList<(long From, long Step)> Bands => _bands;

    /// <summary>The highest price of the grid that is not above one; 0 where there is none.</summary>
    /// <param name="price">0 or more.</param>
    public long AtOrBelow(long price) => StepAt(price) is var step and > 1 ? price - (price % step) : price;

    /// <summary>The lowest price of the grid, 1 or more, that is not below one.</summary>
    /// <param name="price">0 or more.</param>
    public long AtOrAbove(long price)
    {
        var below = AtOrBelow(price);
        return below == price && price > 0 ? price : below + StepAt(price);
    }

    /// <summary>Whether a price, 1 or more, is one of the grid.</summary>
    public bool Contains(long price) => AtOrBelow(price) == price;

    /// <summary>How far the next higher price is from one.</summary>
    /// <param name="price">0 or more.</param>
    public long StepAt(long price)
    {
        var at = _bands.Length - 1;
        while (_bands[at].From > price)
            at--;
        return _bands[at].Step;
    }
}

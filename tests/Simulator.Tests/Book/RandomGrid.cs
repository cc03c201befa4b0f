namespace StockActors.Simulator.Tests.Book;

/// <summary>A random price grid, and whether a price is on it, asked of its bands alone.</summary>
internal sealed class RandomGrid
{
    /// <param name="random">Draws it.</param>
    /// <param name="steps">The steps that its bands can have.</param>
    /// <param name="lowest">The least price at which the step can change.</param>
    /// <param name="highest">The largest, exclusive.</param>
    public RandomGrid(Random random, IReadOnlyList<long> steps, long lowest, long highest)
    {
        var bands = new List<(long From, long Step)> { (0, Step()) };
        for (var tries = 0; tries < 12; tries++)
        {
            // A change is where both steps have a price.
            var (before, step, from) = (bands[^1], Step(), random.NextInt64(lowest, highest));
            while (from % step != 0 || from % before.Step != 0)
                from++;
            if (from > before.From && step != before.Step && from < highest)
                bands.Add((from, step));
        }

        Bands = [.. bands];

        long Step() => steps[random.Next(steps.Count)];
    }

    public (long From, long Step)[] Bands { get; }

    public long StepAt(long price) => Bands.Last(band => band.From <= price).Step;

    public bool Has(long price) => price % StepAt(price) == 0;

    public override string ToString() => string.Join(", ", Bands.Select(band => $"{band.Step} from {band.From} on"));
}

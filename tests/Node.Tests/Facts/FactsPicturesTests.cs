using StockActors.Market;
using StockActors.Node.Facts;
using StockActors.Simulator.Facts;

namespace StockActors.Node.Tests.Facts;

public sealed class FactsPicturesTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"pictures-{Guid.NewGuid():N}");

    [Fact]
    public void A_simulation_is_drawn_and_drawn_again_over_what_was_there()
    {
        var (report, sample) = Walk(days: 2);
        for (var round = 0; round < 2; round++)
        {
            var files = FactsPictures.Draw(_directory, report, sample);
            Assert.Equal(
                [
                    "autocorrelation-absolute.png", "autocorrelation-returns.png", "autocorrelation-signs.png",
                    "depth-W000-2026-01-05.png", "depth-W000-2026-01-06.png", "price-W000-2026-01-05.png", "price-W000-2026-01-06.png",
                    "return-distribution.png",
                ],
                files.Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
            Assert.All(files, f => Assert.Equal(Png, File.ReadAllBytes(f)[..Png.Length]));
        }
    }

    [Fact]
    public void The_table_says_what_holds_and_what_does_not_and_what_a_random_walk_does()
    {
        var (report, _) = Walk(days: 5);
        var text = new StringWriter();
        FactsTable.Write(text, report, report);
        Assert.Contains(report.Facts, fact => fact.Verdict == Verdict.Fails);
        Assert.All(report.Facts.Where(fact => fact.Gate is not null), fact =>
            Assert.Contains($" {fact.Verdict.ToString().ToLowerInvariant()} ", Line(fact.Name), StringComparison.Ordinal));

        string Line(string name) => text.ToString().Split('\n').Single(line => line.TrimStart().StartsWith(name + "  ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private static (FactsReport Report, FactsSample Sample) Walk(int days)
    {
        var sample = RandomWalk.Sample(days, symbols: 1, seed: 1, TradingDay.OnOrAfter(new DateOnly(2026, 1, 5)));
        return (StylizedFacts.Measure(sample, resamples: 20), sample);
    }
}

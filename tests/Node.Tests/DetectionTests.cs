using StockActors.Analytics;
using StockActors.Market;
using StockActors.Simulator.Scenarios;
using Xunit.Abstractions;

namespace StockActors.Node.Tests;

/// <summary>
/// How well the library's queries find what a simulation injected: three seeds, anomalies of three sizes each. What stands here is the least; the figures of
/// whole days, which docs/analytics.md tells, are measured with TESTS=long.
/// </summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    private static readonly TradingDay Day = new(new DateOnly(2026, 1, 5));
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TESTS") == "long";

    [Theory]
    [InlineData("busy", 600, 60, 120, 1.0, 0.9, 1.0, 0.2)]
    [InlineData("crisis", 1500, 80, 180, 0.3, 0.5, 0.9, 0.7)]
    public async Task The_queries_find_what_was_injected_with_the_precision_and_recall_that_are_stated(
        string name, int fatFinger, int spoofing, double seconds, double fingerPrecision, double fingerRecall, double spoofPrecision, double spoofRecall)
    {
        // Of each kind one of half the scenario's size, one of it, and one of twice as much, in each of these windows, where the toss says so.
        var scenario = ScenarioFile.Open(name);
        var windows = IsLong
            ? new[] { (new TimeOnly(15, 0), new TimeOnly(16, 30)), (new TimeOnly(17, 0), new TimeOnly(18, 30)), (new TimeOnly(19, 0), new TimeOnly(20, 30)) }
            : [(new TimeOnly(14, 40), new TimeOnly(15, 25))];
        var anomalies = new List<Anomaly>();
        foreach (var factor in new[] { 0.5, 1, 2 })
        {
            foreach (var (from, to) in windows)
            {
                var probability = IsLong ? 0.5 : 0.7;
                anomalies.Add(new Anomaly { Kind = AnomalyKind.FatFinger, From = from, To = to, Probability = probability, Lots = (int)(factor * fatFinger) });
                anomalies.Add(new Anomaly { Kind = AnomalyKind.Spoofing, From = from, To = to, Probability = probability, Lots = (int)(factor * spoofing), Seconds = seconds });
            }
        }

        anomalies.AddRange(scenario.Anomalies.Where(anomaly => anomaly.Kind is AnomalyKind.FlashCrash or AnomalyKind.FeedGap));
        var scores = await ScoreAsync(scenario with { Anomalies = anomalies }, IsLong ? 3 : 2);
        AtLeast(scores["fat-finger"], fingerPrecision, fingerRecall);
        AtLeast(scores["spoofing"], spoofPrecision, spoofRecall);
    }

    [Fact]
    public async Task Where_nothing_was_injected_there_is_hardly_an_alarm()
    {
        var scores = await ScoreAsync(Scenario.Calm, IsLong ? 10 : 2);
        Assert.All(scores.Values, score => Assert.Equal(0, score.Injected));
        Assert.Equal(0, scores["fat-finger"].Findings);
        Assert.InRange(scores["spoofing"].Findings, 0, 1);
    }

    private static void AtLeast(Score score, double precision, double recall)
    {
        Assert.True(score.Injected >= 10, $"{score.Injected} injected are too few to judge by");
        Assert.True(score.Hits >= precision * score.Findings, $"precision {score.Hits} of {score.Findings}, not {precision}");
        Assert.True(score.Found >= recall * score.Injected, $"recall {score.Found} of {score.Injected}, not {recall}");
    }

    private async Task<Dictionary<string, Score>> ScoreAsync(Scenario scenario, int symbols)
    {
        using var lake = new SimulatedLake();
        for (var seed = 1; seed <= 3; seed++)
            lake.Add(scenario, seed, symbols, $"seed-{seed}", Day, IsLong ? Day.Close : Day.Open + UnixNanos.PerHour);
        await using var engine = new DuckDbEngine(lake);
        await using var result = await engine.ExecuteAsync(QueryLibrary.Shipped.Find("detection-scores").Bind(SqlDialect.DuckDb, new Dictionary<string, string>()));
        var scores = new Dictionary<string, Score> { ["fat-finger"] = default, ["spoofing"] = default };
        await foreach (var page in result.ReadPagesAsync())
        {
            foreach (var row in page)
            {
                var (kind, sum) = ((string)row[1]!, scores[(string)row[1]!]);
                scores[kind] = new Score(sum.Injected + (long)row[2]!, sum.Found + (long)row[3]!, sum.Findings + (long)row[5]!, sum.Hits + (long)row[5]! - (long)row[6]!);
            }
        }

        foreach (var (kind, score) in scores)
            output.WriteLine($"{scenario.Name}, {kind}: {score.Injected} injected, {score.Found} found; {score.Findings} findings, {score.Findings - score.Hits} false alarms");
        return scores;
    }

    private readonly record struct Score(long Injected, long Found, long Findings, long Hits);
}

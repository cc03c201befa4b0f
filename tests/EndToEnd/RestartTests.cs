using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace StockActors.EndToEnd;

/// <summary>A lane of many symbols that is killed in the midst of its day, and started again at the pace of the clock.</summary>
[Collection(StackCollection.Name)]
public sealed class RestartTests(Stack stack, ITestOutputHelper output) : IDisposable
{
    private const string Time = @"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);
    private static readonly int Symbols = LongRun.Of(5, 50);
    private static readonly DateTime Late = LongRun.Of(new DateTime(2026, 1, 5, 16, 0, 0), new DateTime(2026, 1, 5, 20, 20, 0));

    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"again-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_lane_that_was_killed_late_in_its_day_publishes_again_within_ten_seconds_and_says_how_long_it_took_to_catch_up()
    {
        var fast = Demo(LongRun.Of("3600x", "600x"));
        var at = await SeeTimeAsync(fast, Late);
        await KillAsync(fast);

        // A start looks through the last ten seconds of records: in the long run they are those of a lane that has kept to the clock.
        var killed = Demo("1x");
        await killed.SeeAsync("First ticks");
        at = await SeeTimeAsync(killed, at.AddSeconds(LongRun.Of(2, 15)));
        await KillAsync(killed);

        var again = Demo("1x");
        var said = await again.SeeAsync("First ticks");
        output.WriteLine($"{Symbols} symbols, killed at {at:HH:mm:ss}: {said}");
        again.Interrupt();
        var run = await again.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        var figures = Regex.Match(said, $@"First ticks (\d+\.\d) s after start, \d+\.\d s of them to re-play the day up to {Time}$");
        Assert.True(figures.Success, run.ToString());
        Assert.InRange(DateTime.Parse(figures.Groups[2].Value, CultureInfo.InvariantCulture), at, at.AddMinutes(1));
        if (LongRun.IsOn)
            Assert.InRange(TimeSpan.FromSeconds(double.Parse(figures.Groups[1].Value, CultureInfo.InvariantCulture)), TimeSpan.Zero, Promised);
        else
            (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    private Cli.Running Demo(string speed) => _cli.Start(
        "demo", "--roles", "market", "--scenario", "busy", "--symbols", $"{Symbols}", "--lanes", "1", "--topic", _topic, "--speed", speed);

    private static async Task KillAsync(Cli.Running demo)
    {
        demo.Signal("KILL");
        await demo.EndAsync();
    }

    /// <summary>Waits until a time of its day is published.</summary>
    private static async Task<DateTime> SeeTimeAsync(Cli.Running demo, DateTime from) => TimeIn(await demo.SeeAsync($"published up to {from:O}", line => TimeIn(line) >= from));

    private static DateTime TimeIn(string line) => Regex.Match(line, $"^{Time}  published") is { Success: true } found
        ? DateTime.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
        : DateTime.MinValue;
}

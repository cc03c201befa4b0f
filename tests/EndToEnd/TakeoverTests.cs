using System.Diagnostics;
using StockActors.Sinks;
using Xunit.Abstractions;

namespace StockActors.EndToEnd;

/// <summary>An ingest that was killed, and the one that is started after it on the same machine, on a real Kafka.</summary>
[Collection(LakeCollection.Name)]
public sealed class TakeoverTests : IDisposable
{
    private const int Lanes = 4;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ITestOutputHelper _output;
    private readonly Cli _cli;
    private readonly string _topic = $"take-{Guid.NewGuid():N}"[..20];
    private readonly LaneControl _control;

    public TakeoverTests(Stack stack, ITestOutputHelper output)
    {
        (_output, _cli) = (output, new Cli(stack.Kafka));
        _control = new LaneControl(Lake.Open(Path.Combine(_cli.Directory, "lake")), _topic, "test");
    }

    public void Dispose() => _cli.Dispose();

    [StackTheory]
    [InlineData("1s")]
    [InlineData("5s")]
    public async Task An_ingest_that_is_started_after_one_was_killed_writes_long_before_the_group_has_noticed(string flushInterval)
    {
        var demo = await PublishAsync();
        var killed = Ingest("--flush-interval", flushInterval, "--kafka", "session.timeout.ms=120000");
        await UntilAsync(AllLanesAreWritten);
        killed.Signal("KILL");
        await killed.EndAsync();

        var before = await OwnersAsync();
        var started = Stopwatch.GetTimestamp();
        var again = Ingest("--flush-interval", flushInterval);
        await again.SeeAsync(_topic);
        var consuming = Stopwatch.GetTimestamp();
        await UntilAsync(lanes => lanes.All(lane => lane.WrittenBy != before[lane.Lane] && lane.CommittedEnd == lane.End));
        var (sinceStart, sinceConsuming) = (Stopwatch.GetElapsedTime(started), Stopwatch.GetElapsedTime(consuming));
        _output.WriteLine($"every lane is written {sinceStart.TotalSeconds:0.00} s after the start, {sinceConsuming.TotalSeconds:0.00} s after it began to consume");

        if (LongRun.IsOn)
            Assert.True(sinceConsuming < Promised, $"{sinceConsuming}");
        await EndAsync(demo, again);
    }

    [StackFact(isLong: true)]
    public async Task What_was_taken_over_goes_to_whom_the_group_gives_it_and_a_live_ingest_keeps_its_lanes()
    {
        var demo = await PublishAsync();
        var killed = Ingest("--flush-interval", "500ms");
        await UntilAsync(AllLanesAreWritten);
        var alone = await OwnersAsync();
        var live = Ingest("--flush-interval", "500ms");
        await UntilAsync(lanes => lanes.Count(lane => lane.WrittenBy != alone[lane.Lane]) == Lanes / 2);
        var shared = await OwnersAsync();
        var orphans = shared.Where(lane => lane.Value == alone[lane.Key]).Select(lane => lane.Key).ToList();
        killed.Signal("KILL");
        await killed.EndAsync();

        var again = Ingest("--flush-interval", "500ms");
        await UntilAsync(lanes => lanes.Where(lane => orphans.Contains(lane.Lane)).All(lane => lane.WrittenBy != shared[lane.Lane]));
        var taken = await OwnersAsync();
        await UntilAsync(lanes => lanes.Where(lane => orphans.Contains(lane.Lane)).All(lane => lane.WrittenBy != taken[lane.Lane]));
        var given = await OwnersAsync();

        Assert.Equal(shared.Where(lane => !orphans.Contains(lane.Key)), given.Where(lane => !orphans.Contains(lane.Key)));
        await EndAsync(demo, again, live);
    }

    private static bool AllLanesAreWritten(IReadOnlyList<LaneReport> lanes) => lanes.Count == Lanes && lanes.All(lane => lane.Head == "epoch");

    private async Task<Cli.Running> PublishAsync()
    {
        var demo = _cli.Start("demo", "--roles", "market", "--topic", _topic, "--lanes", $"{Lanes}", "--symbols", "40");
        await demo.SeeAsync("First ticks");
        return demo;
    }

    private Cli.Running Ingest(params string[] more) => _cli.Start(["ingest", "--topic", _topic, .. more]);

    /// <summary>Every row is in the lake once.</summary>
    private async Task EndAsync(Cli.Running demo, params Cli.Running[] ingests)
    {
        demo.Interrupt();
        var published = await demo.EndAsync();
        Assert.True(published.Exit == 0, published.ToString());
        foreach (var ingest in ingests)
        {
            ingest.Interrupt();
            var run = await ingest.EndAsync();
            Assert.True(run.Exit == 0, run.ToString());
        }

        var rest = await _cli.RunAsync("ingest", "--topic", _topic, "--until-caught-up");
        Assert.True(rest.Exit == 0, rest.ToString());
        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--full");
        Assert.True(audit.Exit == 0, audit.ToString());
    }

    private async Task<Dictionary<int, string>> OwnersAsync() => (await ShowAsync()).ToDictionary(lane => lane.Lane, lane => lane.WrittenBy);

    private Task<IReadOnlyList<LaneReport>> ShowAsync() => _control.ShowAsync(_ => Task.FromResult<LogExtent?>(null));

    private async Task UntilAsync(Func<IReadOnlyList<LaneReport>, bool> isSo)
    {
        for (var started = Stopwatch.GetTimestamp(); !isSo(await ShowAsync()); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, string.Join('\n', await ShowAsync()));
    }
}

using System.Diagnostics;
using Xunit.Abstractions;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>
/// The protocol in simulated histories. A failure names its seed; <c>SIMULATION_SEED=n</c> runs that history alone, and
/// <c>SIMULATION_HISTORIES=n</c> as many as that.
/// </summary>
public class SimulationTests(ITestOutputHelper output)
{
    private const int HistoriesPerBug = 3_000;

    private static readonly int Histories = Asked("SIMULATION_HISTORIES") ?? 10_000;

    [Fact]
    public void In_ten_thousand_histories_every_record_is_in_the_lake_once_at_every_step()
    {
        var (from, to) = Asked("SIMULATION_SEED") is { } seed ? (seed, seed + 1) : (0, Histories);
        var started = Stopwatch.GetTimestamp();
        long steps = 0, switches = 0, deletions = 0, late = 0, moves = 0, skips = 0, lost = 0;
        var failed = FirstCaught(from, to, Mutation.None, history =>
        {
            Interlocked.Add(ref steps, history.Steps);
            Interlocked.Add(ref switches, history.Lake.Switches);
            Interlocked.Add(ref deletions, history.Lake.Deletions);
            Interlocked.Add(ref late, history.Lake.LateObjects);
            Interlocked.Add(ref moves, history.Lake.Moves);
            Interlocked.Add(ref skips, history.Lake.Skips);
            Interlocked.Add(ref lost, history.Lake.Lost);
        });
        output.WriteLine(
            $"seeds {from} to {to - 1}: {steps:N0} steps, {switches:N0} partitions switched, {deletions:N0} objects deleted behind them, "
            + $"{late:N0} late objects, {moves:N0} moves, {skips:N0} skips, {lost:N0} objects given up, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Assert.True(failed is null, $"seed {failed?.Seed}: {failed?.What}");

        // Histories in which nothing happens prove nothing.
        if (to - from >= 1000)
            Assert.All([switches, deletions, late, moves, skips * 8, lost * 100], count => Assert.True(count > to - from, $"{count} in {to - from} histories"));
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_deliberate_bug_is_caught(Mutation bug)
    {
        var caught = FirstCaught(0, HistoriesPerBug, bug, _ => { });
        Assert.True(caught is not null, $"{HistoriesPerBug} histories with the bug {bug} have not shown it");
        output.WriteLine($"{bug}: seed {caught?.Seed}: {caught?.What}");
    }

    [Fact]
    public void A_seed_gives_the_same_history_again()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (one, other) = (History.Run(seed), History.Run(seed));
            Assert.Equal(one.Steps, other.Steps);
            Assert.Equal(one.Lake.Keys, other.Lake.Keys);
        }
    }

    public static TheoryData<Mutation> Bugs => [.. Enum.GetValues<Mutation>().Where(mutation => mutation != Mutation.None)];

    private static (int Seed, string What)? FirstCaught(int from, int to, Mutation mutation, Action<History> held)
    {
        (int Seed, string What)? caught = null;
        var gate = new Lock();
        Parallel.For(from, to, (seed, state) =>
        {
            if (state.ShouldExitCurrentIteration)
                return;
            try
            {
                held(History.Run(seed, mutation));
            }
            catch (Violation e)
            {
                lock (gate)
                {
                    if (!(caught?.Seed < seed))
                        caught = (seed, e.Message);
                }

                state.Break();
            }
        });
        return caught;
    }

    private static int? Asked(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
}

using System.Diagnostics;

namespace StockActors.Bench;

/// <summary>
/// Measures a rate beside its baseline in the same process: both warmed up, then in turns, so that whatever else the machine does falls on both.
/// </summary>
internal static class Race
{
    private const int ShortRounds = 7;
    private const int WholeRounds = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WholeWarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs both and gives the row of their medians, in items a second.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="item">What is counted, in the plural.</param>
    /// <param name="value">Does a pass of the work and says how many items it was.</param>
    /// <param name="baseline">Does the same the other way.</param>
    public static Row Run(string name, string item, Func<int> value, Func<int> baseline)
    {
        Measure(value, WarmUp);
        Measure(baseline, WarmUp);
        return Rounds(name, item, value, baseline, ShortRounds, RoundLength);
    }

    /// <summary>
    /// Runs both in turns, each round one whole pass, and gives the row of their medians: for work whose beginning and end belong to it, such as
    /// a topic read or written from end to end. Passes before them are not counted: what is compiled in them is not the work's cost.
    /// </summary>
    /// <inheritdoc cref="Run"/>
    public static Row Whole(string name, string item, Func<int> value, Func<int> baseline)
    {
        Measure(value, WholeWarmUp);
        Measure(baseline, WholeWarmUp);
        return Rounds(name, item, value, baseline, WholeRounds, TimeSpan.Zero);
    }

    private static Row Rounds(string name, string item, Func<int> value, Func<int> baseline, int rounds, TimeSpan length)
    {
        var (values, baselines) = (new Round[rounds], new Round[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            values[i] = Measure(value, length);
            baselines[i] = Measure(baseline, length);
        }

        using var process = Process.GetCurrentProcess();
        return new Row(name, Median(values), $"{item}/s", Median(baselines), values.Sum(r => r.Cpu.TotalSeconds), process.PeakWorkingSet64 / 1e6,
            values.Sum(r => (double)r.Allocated) / values.Sum(r => (double)r.Items))
        {
            BaselineCpuSeconds = baselines.Sum(r => r.Cpu.TotalSeconds),
        };
    }

    private static Round Measure(Func<int> pass, TimeSpan length)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        long items = 0;
        TimeSpan elapsed;
        do
        {
            items += pass();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < length);

        return new Round(items, elapsed, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private static double Median(Round[] rounds)
    {
        var rates = rounds.Select(r => r.Items / r.Elapsed.TotalSeconds).Order().ToArray();
        return rates[rates.Length / 2];
    }

    private readonly record struct Round(long Items, TimeSpan Elapsed, TimeSpan Cpu, long Allocated);
}

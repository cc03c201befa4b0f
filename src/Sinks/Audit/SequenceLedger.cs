using System.Globalization;
using StockActors.Market;

namespace StockActors.Sinks.Audit;

/// <summary>The sequences of every (run, symbol) as ranges, of each feed on its own, in whatever order they come. Thread-safe.</summary>
internal sealed class SequenceLedger
{
    private readonly Dictionary<(string Run, string Symbol, TickFeed Feed), List<(long First, long End)>> _ranges = [];
    private readonly Lock _gate = new();
    private long _foreign;

    /// <summary>Takes in one row after another, mostly in order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="feed">Which of their numbers they have.</param>
    public void Add(IEnumerable<(string Run, string Symbol, long Sequence)> rows, TickFeed feed)
    {
        var found = new Dictionary<(string, string, TickFeed), List<(long First, long End)>>();
        foreach (var (run, symbol, sequence) in rows)
        {
            if (!found.TryGetValue((run, symbol, feed), out var ranges))
                found.Add((run, symbol, feed), ranges = []);
            if (ranges.Count > 0 && ranges[^1].End == sequence)
                ranges[^1] = (ranges[^1].First, sequence + 1);
            else
                ranges.Add((sequence, sequence + 1));
        }

        lock (_gate)
        {
            foreach (var (key, ranges) in found)
            {
                if (!_ranges.TryGetValue(key, out var all))
                    _ranges.Add(key, all = []);
                all.AddRange(ranges);
            }
        }
    }

    /// <summary>What is missing or twice in our own runs; how many numbers foreign producers (run <c>""</c>) have repeated.</summary>
    public (IReadOnlyList<string> Faults, long ForeignRepeats) Close()
    {
        var faults = new List<string>();
        foreach (var ((run, symbol, feed), ranges) in _ranges.OrderBy(r => r.Key.Run, StringComparer.Ordinal).ThenBy(r => r.Key.Symbol, StringComparer.Ordinal).ThenBy(r => r.Key.Feed))
        {
            var of = feed == TickFeed.Ticks ? "" : $" of {feed.ToString().ToLowerInvariant()}";
            ranges.Sort();
            var next = 1L;
            foreach (var (first, end) in ranges)
            {
                if (run.Length == 0)
                    _foreign += Math.Clamp(next - first, 0, end - first);
                else if (first > next)
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"run {run}, symbol {symbol}: sequences{of} {next} to {first - 1} are missing"));
                else if (first < next)
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"run {run}, symbol {symbol}: sequences{of} {first} to {Math.Min(end, next) - 1} are there twice"));
                next = Math.Max(next, end);
            }
        }

        return (faults, _foreign);
    }
}

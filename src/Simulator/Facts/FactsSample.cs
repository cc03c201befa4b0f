namespace StockActors.Simulator.Facts;

/// <summary>Days of symbols, of one run or of several with seeds of their own.</summary>
public sealed class FactsSample
{
    private readonly Dictionary<(int Run, DateOnly Date), int> _days = [];
    private readonly Dictionary<(int Run, string Symbol), int> _series = [];
    private readonly List<Dictionary<int, SymbolDay>> _symbolDays = [];

    /// <summary>How many days of runs there are.</summary>
    public int Days => _days.Count;

    /// <summary>How many days of symbols there are.</summary>
    public int SymbolDays => _symbolDays.Sum(s => s.Count);

    /// <summary>The days of symbols, those of one symbol in the order in which they were added.</summary>
    public IEnumerable<SymbolDay> All => _symbolDays.SelectMany(s => s.Values);

    /// <summary>The series of symbols, each with its run and its days by their number from 0.</summary>
    internal IEnumerable<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> Series => _series.Select(s => (s.Key.Run, (IReadOnlyDictionary<int, SymbolDay>)_symbolDays[s.Value]));

    /// <summary>Adds a day of a symbol. The order in which days are added is part of the sample: intervals follow from it.</summary>
    /// <param name="run">The number of the run: the symbols of one run share a market, those of two do not.</param>
    /// <param name="day">The day.</param>
    /// <exception cref="ArgumentException">It is there already.</exception>
    public void Add(int run, SymbolDay day)
    {
        if (!_days.TryGetValue((run, day.Date), out var number))
            _days.Add((run, day.Date), number = _days.Count);
        if (!_series.TryGetValue((run, day.Symbol), out var series))
        {
            _series.Add((run, day.Symbol), series = _series.Count);
            _symbolDays.Add([]);
        }

        if (!_symbolDays[series].TryAdd(number, day))
            throw new ArgumentException($"{day.Symbol} has {day.Date:O} in run {run} already.", nameof(day));
    }
}

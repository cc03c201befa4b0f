namespace StockActors.Simulator.Replay;

/// <summary>Where the columns of a file of bars are. Names count without case, spaces and underscores.</summary>
internal sealed class BarColumns
{
    private static readonly string[] DateNames = ["date", "datetime", "timestamp"];
    private static readonly string[] SymbolNames = ["symbol", "ticker", "index"];

    private BarColumns(string[] names, string[] keys)
    {
        Names = names;
        Date = DateNames.Select(n => Array.IndexOf(keys, n)).FirstOrDefault(i => i >= 0, -1);
        Symbol = SymbolNames.Select(n => Array.IndexOf(keys, n)).FirstOrDefault(i => i >= 0, -1);
        Open = Array.IndexOf(keys, "open");
        High = Array.IndexOf(keys, "high");
        Low = Array.IndexOf(keys, "low");
        Close = Array.IndexOf(keys, "close");
        AdjClose = Array.IndexOf(keys, "adjclose");
        Volume = Array.IndexOf(keys, "volume");
        CloseUsd = Array.IndexOf(keys, "closeusd");
        HasEpochs = Date >= 0 && keys[Date] == "timestamp";
    }

    /// <summary>The header's names.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Date { get; }

    /// <summary>Whether a date may be a number of seconds or milliseconds since 1970.</summary>
    public bool HasEpochs { get; }

    public int Open { get; }

    public int High { get; }

    public int Low { get; }

    public int Close { get; }

    /// <summary>As all that follow: −1 where the file has none.</summary>
    public int AdjClose { get; }

    public int Volume { get; }

    public int CloseUsd { get; }

    public int Symbol { get; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="BarFileException">Columns are missing, or one that is needed comes twice.</exception>
    public static BarColumns From(string file, long line, string[] names)
    {
        var keys = Array.ConvertAll(names, Key);
        var columns = new BarColumns(names, keys);
        var present = string.Join(", ", names);
        (string Name, int At)[] required =
        [
            ("Date (or Datetime or Timestamp)", columns.Date), ("Open", columns.Open), ("High", columns.High), ("Low", columns.Low), ("Close", columns.Close),
        ];
        var missing = required.Where(c => c.At < 0).Select(c => c.Name).ToList();
        if (missing.Count > 0)
            throw new BarFileException(file, line, $"the header has no column {string.Join(", ", missing)}; it has {present}.");

        foreach (var column in required.Select(c => c.At).Concat([columns.Symbol, columns.AdjClose, columns.Volume, columns.CloseUsd]))
        {
            if (column >= 0 && Array.LastIndexOf(keys, keys[column]) != column)
                throw new BarFileException(file, line, $"the header has two columns {names[column]}; it has {present}.");
        }

        return columns;
    }

    private static string Key(string name) =>
        name.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}

using System.Globalization;

namespace StockActors.Sinks;

/// <summary>One partition of a table of the lake.</summary>
/// <param name="Table"><c>trades</c>, <c>quotes</c>, <c>status</c> or <c>bars</c>.</param>
/// <param name="Path">
/// Its keys and values as Hive writes them: <c>dt=2026-01-05/hour=14</c>, or <c>interval=1d/dt=1986</c> for bars.
/// </param>
public readonly record struct TablePartition(string Table, string Path)
{
    /// <summary>Its keys and values, in the order of the path; both are strings.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values =>
        [.. Path.Split('/').Select(part => part.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];

    /// <summary>The table and the path.</summary>
    public override string ToString() => $"{Table}/{Path}";

    /// <summary>When the last event time that belongs here has passed.</summary>
    internal DateTimeOffset EndsAt
    {
        get
        {
            var values = Values;
            var day = values.Single(value => value.Key == "dt").Value;
            if (!day.Contains('-', StringComparison.Ordinal))
                return new DateTimeOffset(int.Parse(day, CultureInfo.InvariantCulture), 1, 1, 0, 0, 0, TimeSpan.Zero).AddYears(1);
            var start = new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);
            return values[1].Key == "hour" ? start.AddHours(int.Parse(values[1].Value, CultureInfo.InvariantCulture) + 1) : start.AddDays(1);
        }
    }

    /// <summary>The folder in which its objects lie until it is compacted; ends in <c>/</c>.</summary>
    internal string FirstLocation => $"{Table}/{Path}/";
}

using System.Globalization;
using System.Text.RegularExpressions;
using StockActors.Market;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// Texts of a job in which a slot's markers stand: <c>{slot}</c> its name, <c>{slot.from}</c> and <c>{slot.to}</c> its ends, <c>{slot.dt}</c> and
/// <c>{slot.hour}</c> the partition of ticks that it begins in.
/// </summary>
internal static partial class SlotText
{
    private const string Slot = "slot";

    /// <summary>The partition keys that follow from a slot.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["dt", "hour", Slot];

    /// <summary>In SQL: the ends are nanoseconds since 1970-01-01 UTC, as ts_event is, the rest are texts in quotes.</summary>
    public static string InSql(string sql, JobSlot slot) => Replace(sql, marker => marker switch
    {
        "from" => UnixNanos.From(slot.From).ToString(CultureInfo.InvariantCulture),
        "to" => UnixNanos.From(slot.To).ToString(CultureInfo.InvariantCulture),
        _ => $"'{Value(marker, slot)}'",
    });

    /// <summary>In a parameter or a path: the ends are times of UTC, <c>2026-01-05T14:00:00Z</c>.</summary>
    public static string InText(string text, JobSlot slot) => Replace(text, marker => marker switch
    {
        "from" => JobSlot.Text(slot.From),
        "to" => JobSlot.Text(slot.To),
        _ => Value(marker, slot),
    });

    /// <summary>The first marker of a text that there is not; <c>null</c> where there is none.</summary>
    public static string? Unknown(string text) => Marker().Matches(text).Select(match => match.Value)
        .FirstOrDefault(marker => marker is not ("{slot}" or "{slot.from}" or "{slot.to}" or "{slot.dt}" or "{slot.hour}"));

    /// <summary>The value of a partition key.</summary>
    public static string Value(string key, JobSlot slot) => key switch
    {
        "dt" => slot.From.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "hour" => slot.From.UtcDateTime.ToString("HH", CultureInfo.InvariantCulture),
        _ => slot.Name,
    };

    private static string Replace(string text, Func<string, string> value) =>
        Marker().Replace(text, match => value(match.Groups["what"] is { Success: true } what ? what.Value : Slot));

    [GeneratedRegex(@"\{slot(\.(?<what>[a-z]*))?\}")]
    private static partial Regex Marker();
}

using System.Globalization;

namespace StockActors.Analytics.Jobs;

/// <summary>A stretch of time that a job makes one result of.</summary>
/// <param name="From">Where it begins; it is named after this.</param>
/// <param name="To">Where it ends, exclusive.</param>
public readonly record struct JobSlot(DateTimeOffset From, DateTimeOffset To)
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Its name in keys: its beginning in UTC, <c>20260105T140000Z</c>.</summary>
    public string Name => NameOf(From);

    /// <summary>The name of the slot that begins at a time.</summary>
    public static string NameOf(DateTimeOffset from) => from.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The name, for people.</summary>
    public override string ToString() => Text(From);

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

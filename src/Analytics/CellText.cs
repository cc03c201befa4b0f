using System.Globalization;

namespace StockActors.Analytics;

/// <summary>A value as text.</summary>
internal static class CellText
{
    public static string Of(object value) => value switch
    {
        string text => text,
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTime time => time.ToString(
            time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"a result has no values of type {value.GetType()}", nameof(value)),
    };
}

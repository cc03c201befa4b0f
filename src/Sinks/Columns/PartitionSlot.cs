using System.Globalization;
using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>
/// The part of a table that a tick belongs to: hours for all but bars; for those the year where they are of a day or longer,
/// else the day.
/// </summary>
/// <param name="Kind">The kind, and so the table.</param>
/// <param name="Slot">The hour since 1970-01-01 UTC; for bars the day since then, or the year.</param>
/// <param name="Interval">A bar's interval; <c>null</c> for the other kinds.</param>
/// <param name="IsYear">Whether <paramref name="Slot"/> is a year.</param>
internal readonly record struct PartitionSlot(TickKind Kind, int Slot, string? Interval, bool IsYear)
{
    private const int SecondsPerDay = 86_400;
    private const int HoursPerDay = 24;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>All tables, by <see cref="TickKind"/>.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["trades", "quotes", "status", "bars", "orders", "truth", "runs"];

    /// <summary>The table.</summary>
    public string Table => Tables[(int)Kind];

    /// <summary>The kind of a table's rows.</summary>
    public static TickKind KindOf(string table) => Enum.GetValues<TickKind>().Single(kind => Tables[(int)kind] == table);

    /// <summary>The slot of a tick that is no bar.</summary>
    public static PartitionSlot Hour(TickKind kind, long tsEvent) => new(kind, FloorDiv(tsEvent, UnixNanos.PerHour), null, false);

    /// <summary>The slot of a bar.</summary>
    public static PartitionSlot Bar(string interval, long tsEvent)
    {
        var digits = interval.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = interval.AsSpan(digits) switch
        {
            "s" => 1L,
            "m" => 60,
            "h" => 3_600,
            _ => SecondsPerDay,
        };
        var isYear = unit * int.Parse(interval.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) >= SecondsPerDay;
        var slot = isYear ? UnixNanos.ToDate(tsEvent).Year : FloorDiv(tsEvent, UnixNanos.PerDay);
        return new PartitionSlot(TickKind.Bar, slot, interval, isYear);
    }

    /// <summary>The slot as the lake names it.</summary>
    public TablePartition ToPartition()
    {
        if (Interval is not null)
            return new(Table, IsYear ? $"interval={Interval}/dt={Slot:D4}" : $"interval={Interval}/dt={Date(Slot):yyyy-MM-dd}");
        var day = FloorDiv(Slot, HoursPerDay);
        return new(Table, $"dt={Date(day):yyyy-MM-dd}/hour={Slot - (day * HoursPerDay):D2}");
    }

    private static DateOnly Date(int day) => DateOnly.FromDayNumber(Epoch + day);

    private static int FloorDiv(long value, long divisor) => (int)((value / divisor) - (value % divisor < 0 ? 1 : 0));
}

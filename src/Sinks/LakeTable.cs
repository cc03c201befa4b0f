using StockActors.Market;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>A table of the lake as a catalogue describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns of its files: name and SQL type.</param>
/// <param name="PartitionKeys">The keys of its partitions, outermost first; all are VARCHAR.</param>
public sealed record LakeTable(string Name, IReadOnlyList<(string Name, string SqlType)> Columns, IReadOnlyList<string> PartitionKeys)
{
    /// <summary>The folder that its first partitions lie in; ends in <c>/</c>.</summary>
    internal string Location { get; init; } = $"{Name}/";

    /// <summary>Whether it is made only where it has rows: it is of what goes beside the ticks.</summary>
    public bool IsOnDemand { get; init; }

    /// <summary>Every table that the ticks of a lake are in.</summary>
    public static IReadOnlyList<LakeTable> All { get; } = [.. Enum.GetValues<TickKind>().Select(Of)];

    /// <summary>The name of a kind's table.</summary>
    public static string NameOf(TickKind kind) => PartitionSlot.Tables[(int)kind];

    private static LakeTable Of(TickKind kind) => new(
        NameOf(kind),
        [.. TableColumns.Of(kind, new RowTexts()).Columns.Select(column => (column.Name, SqlTypeOf(column.Type)))],
        kind == TickKind.Bar ? ["interval", "dt"] : ["dt", "hour"])
    {
        IsOnDemand = TickFeeds.IsBeside(kind),
    };

    private static string SqlTypeOf(ColumnType type) => type switch
    {
        ColumnType.Counter or ColumnType.Size => "BIGINT",
        ColumnType.Int => "INTEGER",
        ColumnType.Price => "DECIMAL(18,9)",
        ColumnType.Millis => "TIMESTAMP",
        ColumnType.Bool => "BOOLEAN",
        _ => "VARCHAR",
    };
}

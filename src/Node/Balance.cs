using StockActors.Market;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>
/// The proof that nothing was lost and nothing came twice: what a start's producers made, what the log acknowledged, the rows that stand in Parquet, and
/// what SQL counts, kind by kind.
/// </summary>
/// <param name="Emitted">Made by the markets, or read from the file.</param>
/// <param name="Acknowledged">Acknowledged by Kafka.</param>
/// <param name="Rows">Rows in the lake's Parquet files; <c>null</c> where this process brings nothing into a lake.</param>
/// <param name="Counted"><c>count(*)</c> by SQL; <c>null</c> where this process does not answer any.</param>
internal sealed record Balance(TickCounts Emitted, TickCounts Acknowledged, TickCounts? Rows, TickCounts? Counted)
{
    private static readonly (string Table, TickKind Kind)[] Tables = [.. Enum.GetValues<TickKind>().Select(kind => (LakeTable.NameOf(kind), kind))];

    private (string Name, TickCounts Counts)[] Stations =>
    [
        .. new (string Name, TickCounts? Counts)[]
        {
            ("emitted", Emitted), ("acknowledged by Kafka", Acknowledged), ("rows in Parquet", Rows), ("counted by SQL", Counted),
        }.Where(station => station.Counts is not null).Select(station => (station.Name, station.Counts!.Value)),
    ];

    /// <summary>Each inequality in a sentence; none where all is equal.</summary>
    public IReadOnlyList<string> Differences =>
    [
        .. from table in Tables
           from pair in Stations.Zip(Stations.Skip(1))
           let before = pair.First.Counts[table.Kind]
           let after = pair.Second.Counts[table.Kind]
           where before != after
           select $"{table.Table}: {before:N0} {pair.First.Name}, but {after:N0} {pair.Second.Name} ({(after < before ? $"{before - after:N0} missing" : $"{after - before:N0} too many")})",
    ];

    /// <summary>The table that a person reads.</summary>
    public void Write(TextWriter to)
    {
        to.WriteLine($"{"",-8}{Stations.Select(s => $"{s.Name,24}").Aggregate(string.Concat)}");
        foreach (var (table, kind) in Tables.Where(table => !TickFeeds.IsBeside(table.Kind) || Stations.Any(station => station.Counts[table.Kind] > 0)))
            to.WriteLine($"{table,-8}{Stations.Select(s => $"{s.Counts[kind],24:N0}").Aggregate(string.Concat)}");
        to.WriteLine($"{"all",-8}{Stations.Select(s => $"{s.Counts.Total,24:N0}").Aggregate(string.Concat)}");
    }

    /// <summary>The same for a program.</summary>
    public object ToJson() => new
    {
        balanced = Differences.Count == 0,
        emitted = Json(Emitted),
        acknowledged = Json(Acknowledged),
        parquet = Rows is { } rows ? Json(rows) : null,
        sql = Counted is { } counted ? Json(counted) : null,
        differences = Differences,
    };

    /// <summary>Counts for a program: by table, and <c>all</c>.</summary>
    public static IReadOnlyDictionary<string, long> Json(TickCounts counts) =>
        Tables.ToDictionary(table => table.Table, table => counts[table.Kind]).Append(KeyValuePair.Create("all", counts.Total)).ToDictionary();
}

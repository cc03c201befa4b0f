using System.Text.Json;

namespace StockActors.Analytics;

/// <summary>What Athena would read, from what it says of a query with <c>EXPLAIN (TYPE IO, FORMAT JSON)</c> and what its tables consist of.</summary>
internal static class AthenaScans
{
    /// <summary>The tables that a query reads, in their order.</summary>
    /// <param name="explained">The service's answer: for each table a set of ranges of each column that the query filters on.</param>
    /// <param name="tables">The tables with all of their files.</param>
    /// <returns><c>null</c> where the answer is of another form.</returns>
    public static IReadOnlyList<TableScan>? Of(string explained, IReadOnlyList<LakeTable> tables)
    {
        try
        {
            using var answer = JsonDocument.Parse(explained);
            var inputs = answer.RootElement.GetProperty("inputTableColumnInfos").EnumerateArray()
                .ToLookup(input => input.GetProperty("table").GetProperty("schemaTable").GetProperty("table").GetString());
            return
            [
                .. tables.Where(table => inputs.Contains(table.Name)).Select(table => TableScan.Of(
                    table, [.. table.Files.Where(file => inputs[table.Name].Any(input => Reads(input.GetProperty("constraint"), table.PartitionKeys, file)))])),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Reads(JsonElement constraint, IReadOnlyList<string> keys, LakeFile file) => !constraint.GetProperty("none").GetBoolean()
        && constraint.GetProperty("columnConstraints").EnumerateArray().All(column =>
        {
            var name = column.GetProperty("columnName").GetString();
            var key = Enumerable.Range(0, keys.Count).FirstOrDefault(i => keys[i] == name, -1);
            return key < 0 || column.GetProperty("domain").GetProperty("ranges").EnumerateArray().Any(range => IsWithin(file.PartitionValues[key], range));
        });

    private static bool IsWithin(string value, JsonElement range) =>
        IsBeyond(value, range.GetProperty("low"), "ABOVE", 1) && IsBeyond(value, range.GetProperty("high"), "BELOW", -1);

    // A marker without a value has no bound on its side.
    private static bool IsBeyond(string value, JsonElement marker, string exclusive, int sign)
    {
        if (!marker.TryGetProperty("value", out var bound) || bound.ValueKind != JsonValueKind.String)
            return true;
        var order = string.CompareOrdinal(value, bound.GetString()) * sign;
        return marker.GetProperty("bound").GetString() == exclusive ? order > 0 : order >= 0;
    }
}

using System.Globalization;
using System.Text.Json;
using StockActors.Analytics;

namespace StockActors.Node.Commands;

/// <summary>What a query has cost, and what it would read.</summary>
internal static class QueryReport
{
    /// <summary>JSON as a person reads it.</summary>
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line when a query has ended, as JSON where its rows are.</summary>
    public static string Ended(OutputFormat format, long rows, QueryCost cost, TimeSpan elapsed)
    {
        if (format == OutputFormat.Json)
        {
            return JsonSerializer.Serialize(new
            {
                rows,
                seconds = Math.Round(elapsed.TotalSeconds, 3),
                scanned_bytes = cost.ScannedBytes,
                dollars = cost.Dollars,
                is_reused = cost.IsReused,
                execution_id = cost.ExecutionId,
            });
        }

        var service = cost.ExecutionId is { } id ? $", {Dollars(cost.Dollars)}, query {id}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{rows:N0} rows in {elapsed.TotalSeconds:0.0} s, {(cost.IsReused ? "an earlier query's" : $"{Size(cost.ScannedBytes)} scanned")}{service}");
    }

    /// <summary>What a query is, and what it would read.</summary>
    public static string Plan(OutputFormat format, string sql, QueryPlan plan)
    {
        if (format == OutputFormat.Json)
        {
            return JsonSerializer.Serialize(
                new
                {
                    sql,
                    tables = plan.Scans?.Select(scan => new
                    {
                        table = scan.Table,
                        partitions = scan.Partitions,
                        of_partitions = scan.AllPartitions,
                        files = scan.Files,
                        of_files = scan.AllFiles,
                        bytes = scan.Bytes,
                        of_bytes = scan.AllBytes,
                    }),
                    dollars = plan.Dollars,
                    plan = plan.Text,
                },
                Indented);
        }

        List<string> lines = [sql.TrimEnd(), ""];
        if (plan.Scans is null)
            lines.Add("What it reads can't be told before it runs.");
        else if (plan.Scans.Count == 0)
            lines.Add("It reads no table of the lake.");
        foreach (var scan in plan.Scans ?? [])
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{scan.Table}: {scan.Partitions:N0} of {scan.AllPartitions:N0} partitions, {scan.Files:N0} of {scan.AllFiles:N0} files, {Size(scan.Bytes)} of {Size(scan.AllBytes)}"));
        }

        if (plan.Dollars is > 0 and var dollars)
            lines.Add($"at most {Dollars(dollars)}");
        if (plan.Text.Length > 0)
            lines.AddRange(["", plan.Text]);
        return string.Join('\n', lines);
    }

    private static string Dollars(decimal dollars) => string.Create(CultureInfo.InvariantCulture, $"{dollars:0.00####} USD");

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N0} GB"),
    };
}

using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Node.Configuration;
using StockActors.Sinks;

namespace StockActors.Node.Jobs;

/// <summary>What the lake holds, and what has been written and read, when it is asked: objects and bytes by table and day, entries of chains, jobs.</summary>
internal sealed class CostReport(Lake lake, IJobLake jobs, NodeSettings settings) : IJobReport
{
    public string Name => "costs";

    public IReadOnlyList<QueryColumn> Columns { get; } =
    [
        new("measure", ColumnType.Text), new("subject", ColumnType.Text), new("day", ColumnType.Text), new("count", ColumnType.Integer), new("bytes", ColumnType.Integer), new("dollars", ColumnType.Decimal),
    ];

    public async Task<IReadOnlyList<object?[]>> MakeAsync(JobSlot slot, CancellationToken cancellation)
    {
        var rows = new List<object?[]>();
        var snapshot = await LakeSnapshot.ReadAsync(lake, cancellation);
        foreach (var day in snapshot.Objects.GroupBy(committed => (committed.Partition.Table, Day: committed.Partition.Values.Single(value => value.Key == "dt").Value)))
            rows.Add(["stored", day.Key.Table, day.Key.Day, (long)day.Count(), day.Sum(committed => committed.Bytes), null]);

        // An entry and each object of its epoch are a put of their own.
        foreach (var lane in await new LaneControl(lake, settings.Kafka.Topic, Environment.MachineName).ShowAsync(_ => Task.FromResult<LogExtent?>(null), cancellation))
            rows.Add(["entries", $"{lane.Topic}/{lane.Lane}", null, lane.Entries, null, null]);
        foreach (var job in (await new JobHistory(jobs).ReadAsync(cancellation: cancellation)).Where(entry => entry.Result is not null).GroupBy(entry => entry.Job))
        {
            var results = job.Select(entry => entry.Result!).ToList();
            rows.Add(["results", job.Key, null, (long)results.Sum(result => result.Objects.Count), results.Sum(result => result.Objects.Sum(o => o.Bytes)), null]);
            rows.Add(["scanned", job.Key, null, (long)results.Count, results.Sum(result => result.BytesScanned), results.Sum(result => result.Dollars)]);
        }

        return rows;
    }
}

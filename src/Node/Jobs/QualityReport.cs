using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Node.Configuration;
using StockActors.Sinks;
using StockActors.Sinks.Audit;

namespace StockActors.Node.Jobs;

/// <summary>How the lake stands when it is asked: what an audit finds, gaps in sequences, dead letters, and how far each lane is behind the log.</summary>
internal sealed class QualityReport(Lake lake, NodeSettings settings) : IJobReport
{
    public string Name => "quality";

    public IReadOnlyList<QueryColumn> Columns { get; } =
    [
        new("measure", ColumnType.Text), new("subject", ColumnType.Text), new("value", ColumnType.Integer), new("is_ok", ColumnType.Boolean), new("detail", ColumnType.Text),
    ];

    public async Task<IReadOnlyList<object?[]>> MakeAsync(JobSlot slot, CancellationToken cancellation)
    {
        var audit = await LakeAudit.RunAsync(lake, cancellation: cancellation);
        var faults = audit.Findings.Count(finding => finding.Kind == FindingKind.Sequence);
        var rows = new List<object?[]>
        {
            Row("rows", "trades", audit.Rows.Trades), Row("rows", "quotes", audit.Rows.Quotes), Row("rows", "status", audit.Rows.Status), Row("rows", "bars", audit.Rows.Bars),
            Row("chains", null, audit.Chains), Row("entries", null, audit.Entries), Row("objects", null, audit.Objects),
            Row("sequence_faults", null, faults, faults == 0),
            Row("dead_letters", null, audit.DeadLetters, audit.DeadLetters == 0, "records that could not be read; 'stockactors dead list' shows them"),
            Row("findings", null, audit.Findings.Count, audit.IsClean),
        };
        rows.AddRange(audit.Findings.Select(finding => Row("finding", finding.Kind.ToString().ToLowerInvariant(), 1, isOk: false, finding.What)));
        rows.AddRange(audit.Notes.Select(note => Row("note", null, 1, isOk: true, note)));
        rows.AddRange(await LanesAsync(cancellation));
        return rows;
    }

    private async Task<IEnumerable<object?[]>> LanesAsync(CancellationToken cancellation)
    {
        var topic = settings.Kafka.Topic;
        using var broker = await Broker.ConnectIfConfiguredAsync(settings.Kafka, cancellation);
        var found = broker is null ? null : await broker.Log.FindAsync(topic, cancellation);
        var reports = await new LaneControl(lake, topic, Environment.MachineName).ShowAsync(
            async lane => broker is null ? null : await broker.ExtentAsync(found, lane, cancellation), cancellation);
        return reports.SelectMany(report =>
        {
            var subject = $"{topic}/{report.Lane}";
            var lag = Row("lag", subject, report.Lag, isOk: true, report.Lag is null ? "not known: no Kafka is configured, or its topic is another" : null);
            return report.Stopped is { } stopped ? new[] { lag, Row("stopped", subject, 1, isOk: false, stopped.Message) } : [lag];
        });
    }

    private static object?[] Row(string measure, string? subject, long? value, bool isOk = true, string? detail = null) => [measure, subject, value, isOk, detail];
}

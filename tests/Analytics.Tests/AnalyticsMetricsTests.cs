using System.Diagnostics.Metrics;

namespace StockActors.Analytics.Tests;

/// <summary>Alone in its collection: a listener hears every engine of the process.</summary>
[CollectionDefinition(nameof(AnalyticsMetricsTests), DisableParallelization = true)]
[Collection(nameof(AnalyticsMetricsTests))]
public sealed class AnalyticsMetricsTests
{
    [Fact]
    public async Task Queries_are_counted_by_how_they_end()
    {
        var heard = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name == "StockActors.Analytics")
                    me.EnableMeasurementEvents(instrument);
            },
        };
        void Hear(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (heard)
                heard.Add($"{instrument.Name} {value} {instrument.Unit} {string.Join(" ", tags.ToArray().Select(tag => tag.Value))}");
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, $"{value}", tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value >= 0 ? "some" : "none", tags));
        listener.Start();

        using var lake = new TempLake();
        lake.Add("trades", "2026-01-05", "14", 0, 1);
        var bytes = (await lake.ReadAsync(default)).Sum(table => table.Files.Sum(file => file.Bytes));
        await using var engine = new DuckDbEngine(lake);
        await engine.RowsAsync("SELECT * FROM range(5000), trades");
        await Assert.ThrowsAsync<QueryException>(() => engine.RowsAsync("SELECT nothing"));
        await using (var result = await engine.ExecuteAsync("SELECT * FROM range(5000)"))
            await result.ReadPageAsync();

        Assert.Equal(
            [
                "stockactors.analytics.queries 1 {query} duckdb completed", "stockactors.analytics.rows 5000 {row} duckdb", "stockactors.analytics.duration some s duckdb completed",
                $"stockactors.analytics.scanned {bytes} By duckdb", "stockactors.analytics.cost some USD duckdb",
                "stockactors.analytics.queries 1 {query} duckdb failed", "stockactors.analytics.failures 1 {query} duckdb", "stockactors.analytics.rows 0 {row} duckdb", "stockactors.analytics.duration some s duckdb failed",
                "stockactors.analytics.queries 1 {query} duckdb stopped", "stockactors.analytics.rows 2048 {row} duckdb", "stockactors.analytics.duration some s duckdb stopped",
                "stockactors.analytics.scanned 0 By duckdb", "stockactors.analytics.cost some USD duckdb",
            ], heard);
    }
}

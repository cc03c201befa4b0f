using System.Diagnostics.Metrics;
using Akka.Actor;

namespace StockActors.Analytics.Tests;

/// <summary>Alone in its collection: a listener hears every engine of the process.</summary>
[CollectionDefinition(nameof(AnalyticsMetricsTests), DisableParallelization = true)]
[Collection(nameof(AnalyticsMetricsTests))]
public sealed class AnalyticsMetricsTests
{
    private readonly List<string> _heard = [];

    [Fact]
    public async Task What_the_actor_has_and_turns_away_is_counted()
    {
        using var listener = Listen();
        using var system = ActorSystem.Create("metrics", "akka.loglevel = ERROR");
        var engine = new FakeEngine();
        engine["a"].MayClose.SetResult();
        engine["b"].MayClose.SetResult();
        var actor = system.ActorOf(AnalyticsActor.Props(engine, new AnalyticsOptions { MaxRunning = 1, MaxWaiting = 1 }));
        var queries = new[] { "a", "b", "c" }.Select(sql => new AnalyticsActor.Query(Guid.NewGuid(), sql)).ToList();
        var replies = queries.Select(query => actor.Ask<AnalyticsActor.IReply>(query, TimeSpan.FromSeconds(30))).ToList();
        Assert.IsType<AnalyticsActor.Busy>(await replies[2]);
        actor.Tell(new AnalyticsActor.Cancel(queries[0].Id));
        await engine["b"].Began.Task;
        actor.Tell(new AnalyticsActor.Cancel(queries[1].Id));
        Assert.IsType<AnalyticsActor.Failed>(await replies[1]);
        await actor.GracefulStop(TimeSpan.FromSeconds(30));

        string[] expected =
        [
            "stockactors.analytics.held 1 {query} running", "stockactors.analytics.held 1 {query} waiting", "stockactors.analytics.busy 1 {query} ",
            "stockactors.analytics.held -1 {query} running", "stockactors.analytics.held -1 {query} waiting", "stockactors.analytics.held 1 {query} running",
            "stockactors.analytics.held -1 {query} running",
        ];
        Assert.Equal(expected, _heard.Where(heard => !heard.Contains(".held 0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Queries_are_counted_by_how_they_end()
    {
        using var listener = Listen();

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
            ], _heard);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name == "StockActors.Analytics")
                    me.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, $"{value}", tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value >= 0 ? "some" : "none", tags));
        listener.Start();
        return listener;
    }

    private void Hear(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_heard)
            _heard.Add($"{instrument.Name} {value} {instrument.Unit} {string.Join(" ", tags.ToArray().Select(tag => tag.Value))}");
    }
}

using System.Globalization;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using StockActors.Sinks;

namespace StockActors.Node.Tests;

/// <summary>
/// A lake of simulated runs with their truth, in a temporary folder: a file a table and run, in the partition of the hour in which the day begins. So it answers for whole days.
/// </summary>
internal sealed class SimulatedLake : ILakeTables, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("simulated-").FullName;
    private readonly Dictionary<string, List<LakeFile>> _files = new() { ["trades"] = [], ["quotes"] = [], ["status"] = [], ["truth"] = [] };

    public bool IsRemote => false;

    /// <summary>Adds a run's first day up to a time.</summary>
    public void Add(Scenario scenario, long seed, int symbols, string run, TradingDay day, long until)
    {
        using var trades = new Table(this, "trades", run, day);
        using var quotes = new Table(this, "quotes", run, day);
        using var status = new Table(this, "status", run, day);
        using var truth = new Table(this, "truth", run, day, TickKind.Truth);
        var exchange = new Exchange(scenario, seed, symbols, run) { Truth = Tell };
        foreach (var tick in exchange.Run(day).TakeWhile(tick => tick.TsEvent < until))
            (tick.Kind switch { TickKind.Trade => trades, TickKind.Quote => quotes, _ => status }).File.Add(tick);

        void Tell(Tick tick)
        {
            if (tick.TsEvent < until)
                truth.File.Add(tick);
        }
    }

    public ValueTask<IReadOnlyList<Analytics.LakeTable>> ReadAsync(CancellationToken cancellation) => new(
        [.. _files.Select(table => new Analytics.LakeTable(table.Key, [.. Sinks.LakeTable.All.Single(known => known.Name == table.Key).Columns.Select(column => new LakeColumn(column.Name, column.SqlType))], ["dt", "hour"], table.Value))]);

    public ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation) => new((IDisposable?)null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Place(string table, string run, TradingDay day)
    {
        string[] partition = [day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), UnixNanos.HourOf(day.Open).ToString("00", CultureInfo.InvariantCulture)];
        var path = $"{_folder}/{table}/dt={partition[0]}/hour={partition[1]}/{run}.parquet";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _files[table].Add(new LakeFile(path, partition));
        return path;
    }

    private sealed class Table : IDisposable
    {
        private readonly FileStream _stream;

        public Table(SimulatedLake lake, string table, string run, TradingDay day, TickKind? only = null)
        {
            _stream = System.IO.File.Create(lake.Place(table, run, day));
            File = new TickFile(_stream, only);
        }

        public TickFile File { get; }

        public void Dispose()
        {
            File.Complete();
            File.Dispose();
            _stream.Dispose();
        }
    }
}

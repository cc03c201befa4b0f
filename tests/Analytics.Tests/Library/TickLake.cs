using System.Globalization;
using DuckDB.NET.Data;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Analytics.Tests;

/// <summary>A lake of given ticks in a temporary folder, with the columns and partitions that the sink gives them.</summary>
internal sealed class TickLake : ILakeTables, IDisposable
{
    private const int RowsOfAStatement = 500;

    private static readonly LakeColumn[] Common =
    [
        new("symbol", "VARCHAR"), new("ts_event", "BIGINT"), new("ts", "TIMESTAMP"), new("sequence", "BIGINT"), new("run_id", "VARCHAR"), new("source", "VARCHAR"),
    ];

    private static readonly LakeColumn[] Book =
    [
        new("bid_px", "DECIMAL(18,9)"), new("bid_sz", "BIGINT"), new("bid_ct", "INTEGER"), new("ask_px", "DECIMAL(18,9)"), new("ask_sz", "BIGINT"), new("ask_ct", "INTEGER"),
    ];

    private static readonly (TickKind Kind, string Name, LakeColumn[] Columns, string[] Keys)[] Schema =
    [
        (TickKind.Trade, "trades",
            [
                .. Common, new("price", "DECIMAL(18,9)"), new("size", "BIGINT"), new("side", "VARCHAR"), new("trade_id", "BIGINT"), new("aggressor", "VARCHAR"),
                new("resting", "VARCHAR"), .. Book,
            ], TempLake.DtHour),
        (TickKind.Quote, "quotes", [.. Common, .. Book], TempLake.DtHour),
        (TickKind.Status, "status",
            [
                .. Common, new("action", "VARCHAR"), new("reason", "VARCHAR"), new("is_trading", "BOOLEAN"), new("limit_up", "DECIMAL(18,9)"),
                new("limit_down", "DECIMAL(18,9)"),
            ], TempLake.DtHour),
        (TickKind.Bar, "bars",
            [
                .. Common, new("open", "DECIMAL(18,9)"), new("high", "DECIMAL(18,9)"), new("low", "DECIMAL(18,9)"), new("close", "DECIMAL(18,9)"),
                new("adj_close", "DECIMAL(18,9)"), new("volume", "BIGINT"), new("close_usd", "DECIMAL(18,9)"),
            ], ["interval", "dt"]),
        (TickKind.Truth, "truth",
            [
                .. Common, new("kind", "VARCHAR"), new("began", "BIGINT"), new("side", "VARCHAR"), new("price", "DECIMAL(18,9)"), new("size", "BIGINT"), new("filled", "BIGINT"),
                new("events", "BIGINT"),
            ], TempLake.DtHour),
    ];

    private readonly DuckDBConnection _writer = new("DataSource=:memory:");
    private readonly string _folder = Directory.CreateTempSubdirectory("ticks-").FullName;
    private readonly IReadOnlyList<LakeTable> _tables;

    public TickLake(IReadOnlyList<Tick> ticks)
    {
        _writer.Open();
        _tables = [.. Schema.Select(table => new LakeTable(
            table.Name, table.Columns, table.Keys,
            [.. ticks.Where(tick => tick.Kind == table.Kind).GroupBy(PartitionOf).Select(part => Write(table.Name, table.Columns, table.Keys, part.Key, part.Select(Row)))]))];
    }

    public bool IsRemote => false;

    public ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation) => new(_tables);

    public ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation) => new((IDisposable?)null);

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static (string First, string Second) PartitionOf(Tick tick)
    {
        var day = UnixNanos.ToDate(tick.TsEvent).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return tick.Kind != TickKind.Bar ? (day, UnixNanos.HourOf(tick.TsEvent).ToString("00", CultureInfo.InvariantCulture))
            : tick.Bar!.Interval.EndsWith('d') ? (tick.Bar.Interval, day[..4]) : (tick.Bar.Interval, day);
    }

    private LakeFile Write(string table, LakeColumn[] columns, string[] keys, (string First, string Second) partition, IEnumerable<string> lines)
    {
        var path = $"{_folder}/{table}/{keys[0]}={partition.First}/{keys[1]}={partition.Second}/part.parquet";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Run($"CREATE OR REPLACE TABLE t ({string.Join(", ", columns.Select(column => $"\"{column.Name}\" {column.Type}"))})");
        foreach (var rows in lines.Chunk(RowsOfAStatement))
            Run($"INSERT INTO t VALUES {string.Join(", ", rows)}");
        Run($"COPY t TO '{path}' (FORMAT parquet)");
        return new LakeFile(path, [partition.First, partition.Second]);
    }

    private static string Row(Tick tick)
    {
        string[] common =
        [
            Text(tick.Symbol), $"{tick.TsEvent}", $"epoch_ms({PlainAnswers.FloorTo(tick.TsEvent, 1_000_000) / 1_000_000})", Whole(tick.Sequence),
            Text(tick.RunId), Text(TickNames.Of(tick.Source)),
        ];
        string[] own = tick.Kind switch
        {
            TickKind.Trade =>
            [
                Decimal(tick.Trade.Price), $"{tick.Trade.Size}", Text(TickNames.Of(tick.Trade.Side)), Whole(tick.Trade.TradeId),
                Text(TickNames.Of(tick.Trade.Aggressor)), Text(TickNames.Of(tick.Trade.Resting)), .. Levels(tick.Book),
            ],
            TickKind.Quote => Levels(tick.Book),
            TickKind.Status =>
            [
                Text(TickNames.Of(tick.Status.Action)), tick.Status.Reason is { } reason ? Text(reason) : "NULL",
                tick.Status.IsTrading is { } trading ? trading ? "true" : "false" : "NULL", Decimal(tick.Status.LimitUp), Decimal(tick.Status.LimitDown),
            ],
            TickKind.Truth =>
            [
                Text(TickNames.Of(tick.Truth!.Kind)), $"{tick.Truth.Began}", Text(TickNames.Of(tick.Truth.Side)), Decimal(tick.Truth.Price), Whole(tick.Truth.Size),
                Whole(tick.Truth.Filled), Whole(tick.Truth.Events),
            ],
            _ => [Decimal(tick.Bar!.Open), Decimal(tick.Bar.High), Decimal(tick.Bar.Low), Decimal(tick.Bar.Close), "NULL", $"{tick.Bar.Volume}", "NULL"],
        };
        return $"({string.Join(", ", [.. common, .. own])})";
    }

    private static string[] Levels(BestBidOffer book) => [.. Level(book.Bid), .. Level(book.Ask)];

    private static string[] Level(BookLevel? level) => level is { } some ? [Decimal(some.Price), $"{some.Size}", Whole(some.Count)] : ["NULL", "NULL", "NULL"];

    private static string Whole(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "NULL";

    private static string Decimal(long? price) => price is { } some ? Price.Format(some) : "NULL";

    private static string Text(string text) => $"'{text}'";

    private void Run(string sql)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

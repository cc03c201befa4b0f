using CsCheck;
using ParquetSharp;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests;

public class EncodingTests
{
    [Fact]
    public void Rows_read_back_are_the_ticks_in_symbol_sequence_and_log_order() => Gen.Select(
        Gen.Int[0, 1 << 20], Gen.Int[1, 400], Gen.Int[1, 300]).Sample(
        (seed, count, rowGroup) =>
        {
            var ticks = Ticks(seed, count);
            foreach (var (partition, rows) in Filled(ticks).Tables)
            {
                var encoded = new ParquetEncoder(rowGroup).Encode(rows);
                var file = new CommittedObject(partition, "");
                var expected = ticks.Select((tick, offset) => (Tick: tick, Offset: offset, Row: LakeRows.Expected(tick)))
                    .Where(t => t.Row.StartsWith($"{partition.Table}/{partition.Path}|", StringComparison.Ordinal))
                    .OrderBy(t => t.Tick.Symbol, StringComparer.Ordinal).ThenBy(t => t.Tick.Sequence ?? long.MinValue).ThenBy(t => t.Offset)
                    .Select(t => t.Row);
                Assert.Equal(expected, LakeRows.In(file, encoded.Content));
            }
        },
        iter: 40);

    [Fact]
    public void The_checksum_is_of_the_rows_and_not_of_how_they_are_written()
    {
        var rows = TradesOfOneHour(seed: 7, count: 30_000);
        var whole = new ParquetEncoder().Encode(rows);
        var cut = new ParquetEncoder(1000).Encode(rows);
        Assert.NotEqual(whole.Content.Length, cut.Content.Length);
        Assert.Equal((whole.Rows, whole.Checksum), (cut.Rows, cut.Checksum));
        Assert.Equal((whole.Rows, whole.Checksum), RowChecksum.OfFile(whole.Content));
        Assert.Equal((whole.Rows, whole.Checksum), RowChecksum.OfFile(cut.Content));
    }

    [Fact]
    public void The_checksum_changes_with_any_field_of_any_row() => Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[0, 39]).Sample(
        (seed, victim) =>
        {
            var ticks = Ticks(seed, 40);
            var changed = ticks.ToArray();
            changed[victim] = new RandomTicks(seed + 1).Next();
            var same = ticks.Select(LakeRows.Expected).Order().SequenceEqual(changed.Select(LakeRows.Expected).Order());
            Assert.Equal(same, Checksums(ticks).SequenceEqual(Checksums(changed)));
        },
        iter: 80);

    [Fact]
    public void A_null_and_any_value_have_different_checksums() => Gen.Long[1, long.MaxValue].Sample(value =>
    {
        var tick = new RandomTicks(1).Next() with { Sequence = null };
        Assert.NotEqual(Checksums([tick]), Checksums([tick with { Sequence = value }]));
    }, iter: 50);

    [Fact]
    public void A_buffer_that_is_used_again_remembers_nothing()
    {
        var decoder = new TickDecoder();
        var used = new EpochBuffer();
        for (var seed = 0; seed < 20; seed++)
        {
            var log = new RandomTicks(seed).Log(50);
            var fresh = new EpochBuffer();
            foreach (var buffer in new[] { used, fresh })
            {
                buffer.Begin(log.Low);
                using var batch = log.Poll(log.Low, 50);
                buffer.Take(batch, 0, decoder, UnixNanos.From(RandomTicks.Now), at: 0);
                buffer.Settle(UnixNanos.From(RandomTicks.Now));
            }

            Assert.Equal(Checksums(fresh), Checksums(used));
            Assert.Equal(fresh.Dead.Select(d => (d.Offset, d.Reason)), used.Dead.Select(d => (d.Offset, d.Reason)));
            Assert.Equal((fresh.Records, fresh.Bytes, fresh.End), (used.Records, used.Bytes, used.End));
        }
    }

    [Fact]
    public void Symbols_and_sequences_have_statistics_and_page_indexes_and_prices_are_decimals_in_64_bits()
    {
        var content = new ParquetEncoder().Encode(TradesOfOneHour(seed: 1, count: 50)).Content;
        using var file = new ParquetFileReader(new MemoryStream(content));
        using var group = file.RowGroup(0);
        foreach (var name in new[] { "symbol", "sequence", "ts_event" })
        {
            using var chunk = group.MetaData.GetColumnChunkMetaData(file.FileMetaData.Schema.ColumnIndex(name));
            Assert.True(chunk.Statistics?.HasMinMax, name);
            Assert.Equal(Compression.Zstd, chunk.Compression);
        }

        var price = file.FileMetaData.Schema.Column(file.FileMetaData.Schema.ColumnIndex("price"));
        Assert.Equal((PhysicalType.Int64, LogicalType.Decimal(18, 9)), (price.PhysicalType, price.LogicalType));
        var ts = file.FileMetaData.Schema.Column(file.FileMetaData.Schema.ColumnIndex("ts"));
        Assert.Equal((PhysicalType.Int64, LogicalType.Timestamp(false, TimeUnit.Millis)), (ts.PhysicalType, ts.LogicalType));
        Assert.Equal(
            [
                "symbol", "ts_event", "ts", "sequence", "run_id", "source",
                "price", "size", "side", "trade_id", "aggressor", "resting",
                "bid_px", "bid_sz", "bid_ct", "ask_px", "ask_sz", "ask_ct",
            ],
            Enumerable.Range(0, file.FileMetaData.NumColumns).Select(i => file.FileMetaData.Schema.Column(i).Name));
    }

    [Theory]
    [InlineData(long.MinValue, "dt=1677-09-21/hour=00")]
    [InlineData(-1, "dt=1969-12-31/hour=23")]
    [InlineData(0, "dt=1970-01-01/hour=00")]
    [InlineData(long.MaxValue, "dt=2262-04-11/hour=23")]
    public void Any_time_that_a_record_can_say_has_its_hour(long tsEvent, string path) =>
        Assert.Equal(new TablePartition("quotes", path), PartitionSlot.Hour(TickKind.Quote, tsEvent).ToPartition());

    [Theory]
    [InlineData("1m", "interval=1m/dt=1986-12-31")]
    [InlineData("1439m", "interval=1439m/dt=1986-12-31")]
    [InlineData("1440m", "interval=1440m/dt=1986")]
    [InlineData("86400s", "interval=86400s/dt=1986")]
    [InlineData("23h", "interval=23h/dt=1986-12-31")]
    [InlineData("1d", "interval=1d/dt=1986")]
    [InlineData("1w", "interval=1w/dt=1986")]
    [InlineData("3mo", "interval=3mo/dt=1986")]
    [InlineData("999999h", "interval=999999h/dt=1986")]
    public void Bars_of_a_day_or_longer_lie_by_year(string interval, string path) =>
        Assert.Equal(path, PartitionSlot.Bar(interval, UnixNanos.From(new DateOnly(1986, 12, 31))).ToPartition().Path);

    private static List<Tick> Ticks(int seed, int count)
    {
        var random = new RandomTicks(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next())];
    }

    private static TableColumns TradesOfOneHour(int seed, int count)
    {
        var trades = Ticks(seed, count).Where(tick => tick.Kind == TickKind.Trade).Select(tick => tick with { TsEvent = 0 });
        return Assert.Single(Filled([.. trades]).Tables).Rows;
    }

    private static EpochBuffer Filled(IReadOnlyList<Tick> ticks)
    {
        using var batch = new RecordBatch(TestLog.Topic, TestLog.Lane, 0);
        for (var i = 0; i < ticks.Count; i++)
            batch.Add(i, [], RandomTicks.Encode(ticks[i]));
        var buffer = new EpochBuffer();
        buffer.Begin(0);
        buffer.Take(batch, 0, new TickDecoder(), long.MaxValue, at: 0);
        Assert.Empty(buffer.Dead);
        return buffer;
    }

    private static List<string> Checksums(IReadOnlyList<Tick> ticks) => Checksums(Filled(ticks));

    private static List<string> Checksums(EpochBuffer buffer) =>
        [.. buffer.Tables.Select(table => $"{table.Partition} {new ParquetEncoder().Encode(table.Rows).Checksum}")];
}

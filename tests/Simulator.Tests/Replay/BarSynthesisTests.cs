using System.Buffers;
using CsCheck;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Simulator.Replay;

namespace StockActors.Simulator.Tests.Replay;

public sealed class BarSynthesisTests
{
    // Cents about one price, figures with nine decimals, both ends of what a price can be, and below zero.
    private static readonly (long Lowest, long Range, long Step)[] Figures =
    [
        (10 * Price.One, 5, Price.One / 100), (1, 20, 1), (15_000 * Price.One, Price.One, 10_000), (Price.Max - 9, 9, 1), (-Price.Max, 2 * Price.Max, 1), (-3, 6, Price.One),
    ];

    private static readonly Gen<long?> Volumes = Gen.Frequency(
        (1, Gen.Const((long?)null)), (1, Gen.Const((long?)0)), (2, Gen.Long[1, 40].Select(v => (long?)v)), (2, Gen.Long[1, 10_000_000_000].Select(v => (long?)v)), (1, Gen.Const((long?)long.MaxValue)));

    private static readonly Gen<Bar> Bars =
        from figures in Gen.Int[0, Figures.Length - 1].Select(i => Figures[i])
        from prices in Gen.Long[0, figures.Range].Select(p => figures.Lowest + (p * figures.Step)).Array[4].Select(p => p.Order().ToArray())
        from volume in Volumes
        from open in Gen.Int[0, 3]
        from close in Gen.Int[0, 3]
        select new Bar(prices[open], prices[3], prices[0], prices[close], null, volume, null, "5m");

    [SharedFact("data")]
    public void Every_row_of_the_hang_seng_file_comes_out_of_its_ticks_again() => ComesOutAgain(SharedFolder.PathOf("data/indexProcessed.csv"), 5_692);

    [Fact]
    public void Every_row_of_the_sample_comes_out_of_its_ticks_again() =>
        ComesOutAgain(Path.Combine(SharedFolder.Repository, "samples", "hang-seng-sample.csv"), 250);

    [Fact]
    public void Any_bar_comes_out_of_its_ticks_again() => Bars.Array[1, 4].Sample(
        bars =>
        {
            bars = Array.FindAll(bars, bar => bar.Volume is null or 0 || bar.Volume >= BarSynthesis.LeastTrades(bar));
            var synthesis = new BarSynthesis("5m");
            var (sequence, tradeId) = (1L, 1L);
            for (var i = 0; i < bars.Length; i++)
                Aggregates(TickOf(bars[i], i), synthesis, ref sequence, ref tradeId, 300 * UnixNanos.PerSecond);
        },
        iter: 3_000);

    [Fact]
    public void A_volume_is_too_small_exactly_where_no_trades_can_make_the_bar() => Bars.Sample(
        bar =>
        {
            // Whoever trades once has one price; twice, the open and the close; three times, one more.
            var distinct = new HashSet<long> { bar.Open, bar.Close, bar.High, bar.Low }.Count;
            var least = distinct == 1 ? 1 : distinct + (bar.Open == bar.Close ? 1 : 0);
            Assert.Equal(least, BarSynthesis.LeastTrades(bar));
            if (least > 1)
                Assert.Throws<ArgumentException>(() => new BarSynthesis("5m").Ticks(TickOf(bar with { Volume = least - 1 }, 0)));
        },
        iter: 1_000);

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3_600)]
    [InlineData("4h", 3_600)]
    [InlineData("1d", 3_600)]
    [InlineData("2w", 3_600)]
    [InlineData("1mo", 3_600)]
    public void Ticks_fill_the_bar_or_its_first_hour(string interval, int seconds)
    {
        var times = new BarSynthesis(interval).Ticks(TickOf(new Bar(10, 20, 5, 15, null, 1_000, null, interval), 0)).Select(t => t.TsEvent).ToList();

        Assert.Equal(0, times[0]);
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[^1], seconds * UnixNanos.PerSecond * (BarSynthesis.Points - 1) / BarSynthesis.Points, (seconds * UnixNanos.PerSecond) - 1);
    }

    [Fact]
    public void A_bar_s_ticks_are_always_the_same_and_another_bar_s_are_others()
    {
        var bar = TickOf(new Bar(100_000, 200_000, 50_000, 150_000, null, 1_000, null, "5m"), 0);

        Assert.Equal(new BarSynthesis("5m").Ticks(bar), new BarSynthesis("5m").Ticks(bar));
        Assert.NotEqual(Path(bar), Path(bar with { TsEvent = 1 }));
        Assert.NotEqual(Path(bar), Path(bar with { Symbol = "B" }));

        static List<long> Path(Tick bar) => [.. new BarSynthesis("5m").Ticks(bar).Where(t => t.Kind == TickKind.Trade).Select(t => t.Trade.Price)];
    }

    [Fact]
    public void Prices_have_no_more_decimals_than_the_bar_s_or_two()
    {
        foreach (var (unit, step) in ((long, long)[])[(Price.One, Price.One / 100), (Price.One / 10_000, Price.One / 10_000), (1, 1)])
        {
            var ticks = new BarSynthesis("1d").Ticks(TickOf(new Bar(1_000 * unit, 2_000 * unit, 501 * unit, 1_500 * unit, null, 1_000, null, "1d"), 0));
            Assert.All(ticks, t => Assert.Equal((0, 0), (t.Book.Bid!.Value.Price % step, t.Trade.Price % step)));
        }
    }

    [Fact]
    public void A_file_s_bar_that_cannot_be_traded_is_a_bad_row_only_where_ticks_are_asked_for()
    {
        var path = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Symbol,Date,Open,High,Low,Close,Volume\nA,2020-03-04,10,12,8,11,3\nA,2020-03-05,10,12,8,11,4\nA,2020-03-06,10,10,10,10,1\nA,2020-03-07,10,12,8,11,\n");

            var rows = BarFile.Open(path, new BarFileOptions { Synthesise = true }).Rows("a-run").ToList();
            Assert.Equal([false, true, true, true], rows.Select(r => r.IsGood));
            Assert.Equal((2, "Volume", "3 is less than the 4 trades that --synthesise needs for the bar's prices."), (rows[0].Bad!.Line, rows[0].Bad!.Column, rows[0].Bad!.Reason));
            Assert.All(BarFile.Open(path, new BarFileOptions()).Rows("a-run"), r => Assert.True(r.IsGood));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void ComesOutAgain(string path, int rows)
    {
        var file = BarFile.Open(path, new BarFileOptions { Synthesise = true });
        var synthesis = new BarSynthesis(file.Interval);
        var (sequence, tradeId, read) = (1L, 1L, 0);
        foreach (var row in file.Rows("a-run"))
        {
            Assert.Null(row.Bad);
            Aggregates(row.Tick, synthesis, ref sequence, ref tradeId, UnixNanos.PerHour);
            read++;
        }

        Assert.Equal(rows, read);
    }

    private static void Aggregates(Tick tick, BarSynthesis synthesis, ref long sequence, ref long tradeId, long length)
    {
        var bar = tick.Bar!;
        var (mids, prices, volume) = (new List<Int128>(), new List<Int128>(), (Int128)0);
        var (decoder, wire) = (new TickDecoder(), new ArrayBufferWriter<byte>());
        foreach (var made in synthesis.Ticks(tick))
        {
            Assert.True((made.Source, made.Symbol, made.RunId, made.Sequence, made.Bar) == (TickSource.ReplaySynth, tick.Symbol, tick.RunId, sequence++, null));
            Assert.InRange(made.TsEvent - tick.TsEvent, 0, length - 1);
            wire.ResetWrittenCount();
            TickEncoder.Encode(made, WireFormat.Protobuf, wire);
            Assert.True(decoder.TryDecode(wire.WrittenSpan, out var read, out var reason) && read == made, reason);

            // Twice the price, so that a mid is a whole number.
            var mid = (Int128)made.Book.Bid!.Value.Price + made.Book.Ask!.Value.Price;
            if (made.Kind == TickKind.Quote)
            {
                mids.Add(mid);
                continue;
            }

            Assert.True((made.Kind, made.Trade.Side, made.Trade.TradeId) == (TickKind.Trade, Side.None, tradeId++) && mid == 2 * (Int128)made.Trade.Price);
            prices.Add(mid);
            volume += made.Trade.Size;
        }

        (Int128, Int128, Int128, Int128) expected = (2 * (Int128)bar.Open, 2 * (Int128)bar.High, 2 * (Int128)bar.Low, 2 * (Int128)bar.Close);
        Assert.Equal(expected, (mids[0], mids.Max(), mids.Min(), mids[^1]));
        Assert.Equal(bar.Volume ?? 0, volume);
        if (volume > 0)
            Assert.Equal(expected, (prices[0], prices.Max(), prices.Min(), prices[^1]));
    }

    private static Tick TickOf(Bar bar, int index) => new()
    {
        Kind = TickKind.Bar,
        Source = TickSource.Replay,
        Symbol = "A",
        RunId = "a-run",
        Sequence = index + 1,
        TsEvent = index * 300 * UnixNanos.PerSecond,
        Bar = bar,
    };
}

using System.Buffers;
using System.Text;
using CsCheck;
using StockActors.Market.Wire;

namespace StockActors.Market.Tests;

public class LaneProgressWireTests
{
    private static readonly LaneProgress Two = new("run-1", 3, 1_767_623_400_000_000_000,
        [new MarketPosition("S001", 1201, 44, 426_160_000_000, 0x9ae16a3b2f90404f, 800, 31), new MarketPosition("S002", 1, 1, -5, 0)]);

    [Fact]
    public void Progress_reads_as_it_was_written() => Gen.Select(TickGen.Text, Gen.Int[0, int.MaxValue], Gen.Long,
        Gen.Select(TickGen.Symbol, Gen.Long[1, long.MaxValue], Gen.Long[1, long.MaxValue], TickGen.Price, Gen.ULong, Gen.Long[0, long.MaxValue],
            (symbol, sequence, id, close, checksum, before) => new MarketPosition(
                symbol, sequence, id, close, checksum, before, before / 3, before % 3 == 0 ? 0 : id, before % 3 == 0 ? 0 : before / 2, before % 2 == 0 ? 0 : sequence, before % 2 == 0 ? 0 : before / 5)).Array[0, 20]).Sample((run, lane, time, markets) =>
    {
        var progress = new LaneProgress(run, lane, time, [.. markets.DistinctBy(m => m.Symbol).OrderBy(m => m.Symbol, StringComparer.Ordinal)]);
        var read = LaneProgressWire.Decode(Encode(progress));
        Assert.Equal(progress with { Markets = [] }, read with { Markets = [] });
        Assert.Equal(progress.Markets, read.Markets);
    });

    [Fact]
    public void Progress_looks_like_this() => Assert.Equal(
        """{"version":2,"run_id":"run-1","lane":3,"time":1767623400000000000,"markets":[["S001",1201,44,426.16,"9ae16a3b2f90404f",800,31],["S002",1,1,-0.000000005,"0000000000000000",0,0]]}""",
        Encoding.UTF8.GetString(Encode(Two)));

    [Fact]
    public void Progress_of_a_run_that_tells_its_orders_looks_like_this() => Assert.Equal(
        """{"version":2,"run_id":"run-1","lane":3,"time":5,"markets":[["S001",1201,44,426.16,"9ae16a3b2f90404f",800,31,7001,5000]]}""",
        Encoding.UTF8.GetString(Encode(Two with { Time = 5, Markets = [Two.Markets[0] with { NextOrder = 7001, OrdersBefore = 5000 }] })));

    [Fact]
    public void Progress_of_a_run_that_tells_the_truth_and_no_orders_looks_like_this() => Assert.Equal(
        """{"version":2,"run_id":"run-1","lane":3,"time":5,"markets":[["S001",1201,44,426.16,"9ae16a3b2f90404f",800,31,0,0,62,40]]}""",
        Encoding.UTF8.GetString(Encode(Two with { Time = 5, Markets = [Two.Markets[0] with { NextTruth = 62, TruthBefore = 40 }] })));

    [Theory]
    [InlineData("\"version\":2", "\"version\":3", "version 3 is newer than this build, which reads 2: upgrade the node")]
    [InlineData("\"version\":2", "\"version\":0", "version 0 does not exist")]
    [InlineData("\"version\":2", "\"v\":2", "version is missing")]
    [InlineData("\"lane\":3", "\"lane\":-1", "lane -1 does not exist")]
    [InlineData("\"lane\":3", "\"lane\":\"3\"", "lane is no integer")]
    [InlineData("\"run-1\"", "7", "run_id is no text")]
    [InlineData("\"run-1\"", "\"\\ud800\"", "cannot be read")]
    [InlineData("\"time\":1", "\"time\":1.5,\"t\":1", "time is no integer")]
    [InlineData("\"S002\"", "\"S001\"", "markets[1] 'S001' does not come after 'S001'")]
    [InlineData("\"S002\"", "\"S 2\"", "markets[1] symbol 'S 2' is no symbol")]
    [InlineData("[\"S002\",1,1", "[\"S002\",0,1", "markets[1] next sequence is below 1")]
    [InlineData("[\"S002\",1,1", "[\"S002\",1,1,1", "markets[1] is no array of 7, 9 or 11")]
    [InlineData("426.16", "1e12", "markets[0] previous close 1e12 is no price")]
    [InlineData("9ae16a3b2f90404f", "9ae16a3b2f90404g", "markets[0] checksum '9ae16a3b2f90404g' is not 16 hexadecimal digits")]
    [InlineData(",800,31]", ",-1,31]", "markets[0] sequences before is below 0")]
    [InlineData("}", "", "cannot be read")]
    public void A_record_that_breaks_a_rule_is_refused_by_it(string part, string instead, string message)
    {
        var text = Encoding.UTF8.GetString(Encode(Two));
        Assert.Contains(part, text);
        Assert.Contains(message, Assert.Throws<FormatException>(() => LaneProgressWire.Decode(Encoding.UTF8.GetBytes(text.Replace(part, instead)))).Message);
    }

    [Fact]
    public void A_damaged_record_is_a_format_exception_or_reads() => Damage.Gen.Sample(damage =>
    {
        try
        {
            LaneProgressWire.Decode(damage.Of(Encode(Two)));
        }
        catch (FormatException e)
        {
            Assert.Contains("progress record", e.Message);
        }
    }, iter: 10_000);

    private static byte[] Encode(LaneProgress progress)
    {
        var writer = new ArrayBufferWriter<byte>();
        LaneProgressWire.Encode(progress, writer);
        return writer.WrittenSpan.ToArray();
    }
}

using System.Buffers;
using System.Text;
using CsCheck;
using StockActors.Market.Wire;

namespace StockActors.Market.Tests;

public class InterventionWireTests
{
    private static readonly Intervention Halt = new("run-1", 3, "fault:S001:1201", "S001", InterventionKind.Halt, "fault", 1_767_623_400_000_000_000);

    [Fact]
    public void An_intervention_reads_as_it_was_written() => Gen.Select(
        Gen.Select(TickGen.Text, Gen.Int[0, int.MaxValue], TickGen.Symbol),
        Gen.Select(TickGen.Symbol, Gen.Enum<InterventionKind>(), TickGen.Text, Gen.Long, Gen.Long[Intervention.LeastShock, Intervention.LargestShock]),
        (one, two) => new Intervention(one.Item1, one.Item2, one.Item3, two.Item1, two.Item2, two.Item3, two.Item4, two.Item2 == InterventionKind.Shock ? two.Item5 : 0)).Sample(intervention =>
        Assert.Equal(intervention, InterventionWire.Decode(Encode(intervention))));

    [Fact]
    public void An_intervention_looks_like_this()
    {
        Assert.Equal(
            """{"version":1,"run_id":"run-1","lane":3,"id":"fault:S001:1201","symbol":"S001","kind":"halt","reason":"fault","time":1767623400000000000}""",
            Encoding.UTF8.GetString(Encode(Halt)));
        Assert.Equal("intervention/run-1/fault:S001:1201", InterventionWire.KeyOf(Halt));
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "version 2 is newer than this build, which reads 1: upgrade the node")]
    [InlineData("\"lane\":3", "\"lane\":-1", "lane -1 does not exist")]
    [InlineData("\"run_id\"", "\"run\"", "run_id is missing")]
    [InlineData("fault:S001:1201", "a/b", "id 'a/b' is no id")]
    [InlineData("fault:S001:1201", "", "id '' is no id")]
    [InlineData("\"S001\"", "\"S 1\"", "symbol 'S 1' is no symbol")]
    [InlineData("\"halt\"", "\"split\"", "kind 'split' is not known to this build")]
    [InlineData("\"halt\"", "\"shock\"", "size is missing")]
    [InlineData("\"halt\"", "\"shock\",\"size\":-1000000", "size -1000000 is out of range")]
    [InlineData("\"fault\"", "7", "reason is no text")]
    [InlineData("\"time\":1", "\"time\":1.5,\"t\":1", "time is no integer")]
    [InlineData("}", "", "cannot be read")]
    public void A_record_that_breaks_a_rule_is_refused_by_it(string part, string instead, string message)
    {
        var text = Encoding.UTF8.GetString(Encode(Halt));
        Assert.Contains(part, text);
        var error = Assert.Throws<FormatException>(() => InterventionWire.Decode(Encoding.UTF8.GetBytes(text.Replace(part, instead))));
        Assert.Contains(message, error.Message);
        Assert.Contains("intervention record", error.Message);
    }

    [Fact]
    public void A_damaged_record_is_a_format_exception_or_reads() => Damage.Gen.Sample(damage =>
    {
        try
        {
            InterventionWire.Decode(damage.Of(Encode(Halt)));
        }
        catch (FormatException e)
        {
            Assert.Contains("intervention record", e.Message);
        }
    }, iter: 10_000);

    private static byte[] Encode(Intervention intervention)
    {
        var writer = new ArrayBufferWriter<byte>();
        InterventionWire.Encode(intervention, writer);
        return writer.WrittenSpan.ToArray();
    }
}

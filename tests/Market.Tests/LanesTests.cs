using System.Text;
using CsCheck;

namespace StockActors.Market.Tests;

public class LanesTests
{
    // Hashes of org.apache.kafka.common.utils.Utils.murmur2, as Kafka's own UtilsTest states them.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void A_symbol_lives_where_kafkas_java_client_puts_it(string symbol, int murmur2)
    {
        // As many lanes as there are positive integers show the hash itself; its sign bit is dropped by Kafka too.
        Assert.Equal((murmur2 & int.MaxValue) % int.MaxValue, Lanes.Of(symbol, int.MaxValue));
        for (var lanes = 1; lanes <= 64; lanes++)
            Assert.Equal((murmur2 & int.MaxValue) % lanes, Lanes.Of(symbol, lanes));
    }

    [Fact]
    public void A_symbols_lane_is_that_of_its_bytes() => Gen.Select(Gen.String, Gen.Int[1, 1000])
        .Sample((symbol, lanes) => Assert.Equal(Lanes.Of(Encoding.UTF8.GetBytes(symbol), lanes), Lanes.Of(symbol, lanes)));

    [Fact]
    public void A_long_key_has_a_lane() => Assert.Equal(Lanes.Of(new byte[5_000_000], 7), Lanes.Of(new string('\0', 5_000_000), 7));

    [Fact]
    public void There_is_at_least_one_lane() => Assert.Throws<ArgumentOutOfRangeException>(() => Lanes.Of("S001", 0));
}

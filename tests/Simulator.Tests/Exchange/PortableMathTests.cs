using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class PortableMathTests
{
    [Fact]
    public void Exponential_and_logarithm_are_those_of_the_library_to_the_last_bits()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * (i % 2 == 0 ? 2 : 1_300);
            Assert.InRange(PortableMath.Exp(x) / Math.Exp(x), 1 - 4e-15, 1 + 4e-15);
            var y = Math.Exp(x);
            Assert.InRange(PortableMath.Log(y) - Math.Log(y), -4e-15 * Math.Max(1, Math.Abs(x)), 4e-15 * Math.Max(1, Math.Abs(x)));
        }

        Assert.Equal((1.0, 0.0, 8.0), (PortableMath.Exp(0), PortableMath.Log(1), Math.Round(PortableMath.Pow(2, 3), 12)));
    }

    [Fact]
    public void They_have_the_same_bits_everywhere()
    {
        var bits = 0L;
        for (var i = 1; i < 10_000; i++)
            bits = (bits * 31) + BitConverter.DoubleToInt64Bits(PortableMath.Exp(i / 97.0)) + BitConverter.DoubleToInt64Bits(PortableMath.Log(i / 97.0));
        Assert.Equal(114_659_181_897_349_235, bits);
    }
}

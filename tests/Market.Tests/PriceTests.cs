using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;

namespace StockActors.Market.Tests;

public class PriceTests
{
    [Fact]
    public void A_decimal_rounds_half_to_even_at_the_ninth_digit() => Gen.Select(Gen.Long[-999_999_998, 999_999_998], Gen.Int[0, 19], Gen.Long[0, long.MaxValue])
        .Sample((whole, digits, fraction) =>
    {
        var text = $"{whole}.{fraction.ToString(CultureInfo.InvariantCulture).PadLeft(19, '0')[..digits]}";
        var expected = Math.Round(decimal.Parse(text, CultureInfo.InvariantCulture), 9, MidpointRounding.ToEven) * Price.One;
        Assert.True(Price.TryParse(Encoding.UTF8.GetBytes(text), out var price), text);
        Assert.Equal((long)expected, price);
    });

    [Fact]
    public void Any_decimal_text_is_read_as_an_exact_one_would_be() => Text.Sample(text =>
    {
        AssertLike(Exact(text, 9, Price.Max), Price.TryParse(Encoding.UTF8.GetBytes(text), out var price), price, text);
        AssertLike(Exact(text, 9, Price.Max), Price.TryParse(text, out price), price, text);
        AssertLike(Exact(text, 0, long.MaxValue), Price.TryParseSize(Encoding.UTF8.GetBytes(text), out var size), size, text);
        AssertLike(Exact(text, 0, long.MaxValue), Price.TryParseSize(text, out size), size, text);
    }, iter: 50_000);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e+-5")]
    [InlineData("1e++5")]
    [InlineData("1e1.5")]
    [InlineData("e5")]
    [InlineData("12x")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData("１２")]
    public void What_is_no_decimal_number_is_refused(string text)
    {
        Assert.False(Price.TryParse(text, out _));
        Assert.False(Price.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.False(Price.TryParseSize(text, out _));
    }

    [Theory]
    [InlineData("999999999.999999999", true)]
    [InlineData("999999999.9999999995", false)]
    [InlineData("999999999.99999999949999999999999999999999999999999999999999999", true)]
    [InlineData("-999999999.999999999", true)]
    [InlineData("1000000000", false)]
    [InlineData("1e9", false)]
    [InlineData("9.99999999999999999e8", true)]
    public void A_price_is_within_decimal_18_9(string text, bool within) => Assert.Equal(within, Price.TryParse(text, out _));

    [Fact]
    public void A_price_reads_as_it_was_formatted() => TickGen.Price.Sample(price =>
    {
        Assert.True(Price.TryParse(Price.Format(price), out var read));
        Assert.Equal(price, read);
        Assert.Equal(price, Price.ToDecimal(price) * Price.One);
    });

    [Theory]
    [InlineData(426_160_000_000, "426.16")]
    [InlineData(-1, "-0.000000001")]
    [InlineData(0, "0")]
    [InlineData(Price.Max, "999999999.999999999")]
    public void A_price_is_formatted_without_trailing_zeros(long price, string text) => Assert.Equal(text, Price.Format(price));

    private static readonly Gen<string> Text = Gen.Select(
        Gen.OneOf("", "-"),
        Gen.Frequency((4, Gen.Char['0', '9'].Array[1, 12]), (1, Gen.Char['0', '9'].Array[1, 60]), (1, Gen.OneOf('0', '9').Array[1, 45])),
        Gen.Frequency((1, Gen.Const(Array.Empty<char>())), (4, Gen.Char['0', '9'].Array[0, 20]), (2, Gen.OneOf('0', '5', '9').Array[0, 80])),
        Gen.Frequency((3, Gen.Const("")), (2, Gen.Int[-30, 30].Select(e => $"e{e}")), (1, Gen.Int[0, 60].Select(e => $"E+{e}")), (1, Gen.Int[-999, 999].Select(e => $"e{e}"))),
        (sign, whole, fraction, exponent) => $"{sign}{new string(whole)}{(fraction.Length > 0 ? "." : "")}{new string(fraction)}{exponent}");

    private static void AssertLike(BigInteger? exact, bool read, long value, string text)
    {
        Assert.True(exact.HasValue == read, text);
        if (read)
            Assert.True(exact == value, $"{text} read as {value}, not {exact}");
    }

    private static BigInteger? Exact(string text, int decimals, long max)
    {
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text[(exponentAt + 1)..], CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.');
        var digits = BigInteger.Abs(BigInteger.Parse(mantissa.Replace(".", ""), CultureInfo.InvariantCulture));
        var shift = decimals + exponent - (point < 0 ? 0 : mantissa.Length - point - 1);
        var rounded = digits;
        if (shift >= 0)
        {
            rounded *= BigInteger.Pow(10, shift);
        }
        else
        {
            var unit = BigInteger.Pow(10, -shift);
            rounded = BigInteger.DivRem(digits, unit, out var rest);
            if (rest * 2 > unit || (rest * 2 == unit && !rounded.IsEven))
                rounded++;
        }

        return rounded > max ? null : mantissa[0] == '-' ? -rounded : rounded;
    }
}

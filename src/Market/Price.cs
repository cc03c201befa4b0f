using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace StockActors.Market;

/// <summary>
/// Prices as integers in units of 1e-9, within DECIMAL(18,9): −999,999,999.999999999 … 999,999,999.999999999.
/// Text is read digit by digit, never through a double.
/// </summary>
public static class Price
{
    /// <summary>How many units a price of 1 has.</summary>
    public const long One = 1_000_000_000;

    /// <summary>The largest price that DECIMAL(18,9) holds.</summary>
    public const long Max = 999_999_999_999_999_999;

    private const int MaxExponent = 1000;
    private const int MaxStackBytes = 64;
    private const int MaxShortLength = 19;

    /// <summary>10 to the power of 0 to 9.</summary>
    internal static readonly ulong[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>
    /// Reads a decimal such as <c>426.16</c>, <c>-0.5</c> or <c>1.4953653E9</c>; digits beyond the ninth decimal are rounded half to even.
    /// An exponent is within ±1000.
    /// </summary>
    /// <returns><c>false</c> where the text is no decimal number, or is out of range.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long price) => TryParse(utf8, 9, Max, out price);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out long)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out long price)
    {
        var utf8 = text.Length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[text.Length];
        price = 0;
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out price);
    }

    /// <summary>
    /// Reads a size or volume, which sources also write as a decimal (<c>1495365300.0</c>); a fraction is rounded half to even.
    /// </summary>
    /// <returns><c>false</c> where the text is no decimal number, or is out of the range of a signed 64-bit integer.</returns>
    public static bool TryParseSize(ReadOnlySpan<byte> utf8, out long size) => TryParse(utf8, 0, long.MaxValue, out size);

    /// <inheritdoc cref="TryParseSize(ReadOnlySpan{byte}, out long)"/>
    public static bool TryParseSize(ReadOnlySpan<char> text, out long size)
    {
        var utf8 = text.Length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[text.Length];
        size = 0;
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParseSize(utf8[..length], out size);
    }

    /// <summary>The price as a decimal, exactly.</summary>
    public static decimal ToDecimal(long price) => new decimal(price) / One;

    /// <summary>The price as text without trailing zeros: <c>426.16</c>.</summary>
    public static string Format(long price) => ToDecimal(price).ToString("0.#########", CultureInfo.InvariantCulture);

    private static bool TryParse(ReadOnlySpan<byte> text, int decimals, long max, out long value) =>
        TryParseShort(text, decimals, max, out value) || TryParseAny(text, decimals, max, out value);

    // What nearly every price is: so few digits that 64 bits hold them, none to be rounded, no exponent.
    private static bool TryParseShort(ReadOnlySpan<byte> text, int decimals, long max, out long value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        if (text.Length is 0 or > MaxShortLength)
            return false;
        var digits = 0UL;
        var point = text.Length;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit <= 9)
                digits = (digits * 10) + digit;
            else if (text[i] == '.' && point == text.Length && text.Length > 1)
                point = i;
            else
                return false;
        }

        var shift = decimals - Math.Max(0, text.Length - point - 1);
        if (shift < 0 || Math.BigMul(digits, PowersOfTen[shift], out var units) != 0 || units > (ulong)max)
            return false;
        value = negative ? -(long)units : (long)units;
        return true;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> text, int decimals, long max, out long value)
    {
        value = 0;
        var i = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            i++;

        // Digits are gathered exactly up to 37 significant ones; beyond that only whether anything was not zero matters (for the tie).
        UInt128 digits = 0;
        var gathered = 0;
        var scale = 0;
        var sticky = false;
        var any = false;
        var point = false;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9')
                break;
            any = true;
            if (gathered < 37)
            {
                digits = (digits * 10) + (uint)(c - '0');
                gathered += digits == 0 ? 0 : 1;
                scale += point ? 1 : 0;
            }
            else
            {
                sticky |= c != '0';
                scale -= point ? 0 : 1;
            }
        }

        if (!any)
            return false;
        if (i < text.Length && (text[i] | 0x20) == 'e')
        {
            if (!Utf8Parser.TryParse(text[(i + 1)..], out int exponent, out var used) || exponent is < -MaxExponent or > MaxExponent)
                return false;
            scale -= exponent;
            i += 1 + used;
        }

        if (i != text.Length)
            return false;

        // digits × 10^-scale, wanted in units of 10^-decimals.
        var shift = decimals - scale;
        for (; shift > 0 && digits != 0; shift--)
        {
            if (digits > (UInt128)max)
                return false;
            digits *= 10;
        }

        UInt128 remainder = 0, unit = 1;
        if (shift < 0)
        {
            if (shift < -38)
            {
                sticky |= digits != 0;
                digits = 0;
            }
            else
            {
                for (; shift < 0; shift++)
                    unit *= 10;
                (digits, remainder) = UInt128.DivRem(digits, unit);
            }
        }

        var twice = remainder * 2;
        if (twice > unit || (twice == unit && remainder != 0 && (sticky || !UInt128.IsEvenInteger(digits))))
            digits += 1;
        if (digits > (UInt128)max)
            return false;
        value = negative ? -(long)digits : (long)digits;
        return true;
    }
}

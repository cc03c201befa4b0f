using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace StockActors.Market.Wire;

/// <summary>Writes JSON members into a span that is large enough. Each takes its prefix: the comma, the quoted name and the colon.</summary>
internal ref struct JsonSpan(Span<byte> span)
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private readonly Span<byte> _span = span;

    /// <summary>How many bytes were written.</summary>
    public int Written { get; private set; }

    /// <summary>Writes the bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(_span[Written..]);
        Written += utf8.Length;
    }

    /// <summary>Writes an integer, or nothing where there is none.</summary>
    public void Integer(scoped ReadOnlySpan<byte> prefix, long? number)
    {
        if (number is not { } some)
            return;
        Raw(prefix);
        Digits(some);
    }

    /// <summary>Writes a price as a decimal number without trailing zeros, or nothing where there is none.</summary>
    public void Price(scoped ReadOnlySpan<byte> prefix, long? price)
    {
        if (price is not { } units)
            return;
        Raw(prefix);
        if (units < 0)
            _span[Written++] = (byte)'-';
        var (whole, fraction) = Math.DivRem(units < 0 ? 0 - (ulong)units : (ulong)units, (ulong)Market.Price.One);
        Digits((long)whole);
        if (fraction == 0)
            return;
        var decimals = 9;
        for (; fraction % 10 == 0; decimals--)
            fraction /= 10;
        _span[Written] = (byte)'.';
        for (var i = decimals; i > 0; i--, fraction /= 10)
            _span[Written + i] = (byte)('0' + (fraction % 10));
        Written += decimals + 1;
    }

    /// <summary>Writes one of our own names, which need no escapes.</summary>
    public void Name(scoped ReadOnlySpan<byte> prefix, string name)
    {
        Raw(prefix);
        Quoted(name);
    }

    /// <summary>Writes any text; half a surrogate pair becomes U+FFFD.</summary>
    public void Text(scoped ReadOnlySpan<byte> prefix, string text)
    {
        Raw(prefix);
        if (text.AsSpan().IndexOfAny(Escaped) < 0)
        {
            Quoted(text);
            return;
        }

        _span[Written++] = (byte)'"';
        var rest = text.AsSpan();
        for (var next = rest.IndexOfAny(Escaped); next >= 0; next = rest.IndexOfAny(Escaped))
        {
            Utf8Of(rest[..next]);
            Raw("\\u00"u8);
            Utf8Formatter.TryFormat((byte)rest[next], _span[Written..], out var digits, new StandardFormat('x', 2));
            Written += digits;
            rest = rest[(next + 1)..];
        }

        Utf8Of(rest);
        _span[Written++] = (byte)'"';
    }

    private void Quoted(string text)
    {
        _span[Written++] = (byte)'"';
        Utf8Of(text);
        _span[Written++] = (byte)'"';
    }

    private void Utf8Of(scoped ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, _span[Written..], out _, out var written);
        Written += written;
    }

    private void Digits(long number)
    {
        Utf8Formatter.TryFormat(number, _span[Written..], out var digits);
        Written += digits;
    }
}

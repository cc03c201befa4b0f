namespace StockActors.Market;

/// <summary>What may be a symbol: 1 to 32 printable ASCII characters without spaces, quotes or slashes, such as <c>S001</c>, <c>BRK.B</c> or <c>^HSI</c>.</summary>
public static class Symbol
{
    /// <summary>The most characters a symbol may have.</summary>
    public const int MaxLength = 32;

    /// <summary>Whether the text may be a symbol.</summary>
    public static bool IsValid(string? text) => text is { Length: > 0 and <= MaxLength } && text.AsSpan().IndexOfAny(Forbidden) < 0
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Whether the UTF-8 text may be a symbol.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => utf8.Length is > 0 and <= MaxLength && utf8.IndexOfAny("\"'\\/"u8) < 0
        && !utf8.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private const string Forbidden = "\"'\\/";
}

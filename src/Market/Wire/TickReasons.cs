namespace StockActors.Market.Wire;

/// <summary>What both readers say of a field they cannot take.</summary>
internal static class TickReasons
{
    /// <summary>Of a text that <see cref="TickDraft.TrySetText"/> refused.</summary>
    public static string BadText(TickField field, ReadOnlySpan<byte> utf8) => field == TickField.Symbol
        ? $"symbol: '{Excerpt.Of(utf8)}' is not 1 to {Symbol.MaxLength} printable ASCII characters without spaces, quotes, slashes and backslashes"
        : $"{TickFields.NameOf(field)}: '{Excerpt.Of(utf8)}' is not valid UTF-8";
}

using System.Text;

namespace StockActors.Market.Wire;

/// <summary>A foreign text as a reason may quote it: short, printable, on one line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 48;

    /// <summary>The text's beginning, with <c>?</c> for what cannot be printed.</summary>
    public static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength * 4)]));

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static string Of(string text)
    {
        var excerpt = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (excerpt.Length >= MaxLength)
                return excerpt.Append('…').ToString();
            excerpt.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return excerpt.ToString();
    }
}

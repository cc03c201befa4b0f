using System.Globalization;

namespace StockActors.Sinks.Chain;

/// <summary>
/// What the name of a data object says: <c>&lt;topicId&gt;-&lt;lane&gt;-&lt;first&gt;-&lt;end&gt;.parquet</c>, offsets of 20 digits.
/// </summary>
internal readonly record struct DataName(string TopicId, int Lane, long First, long End)
{
    private const string Extension = ".parquet";

    public override string ToString() => $"{TopicId}-{Lane}-{First:D20}-{End:D20}{Extension}";

    /// <summary>Reads a key's last segment.</summary>
    /// <returns><c>false</c> where it is not a data object's.</returns>
    public static bool TryParse(string key, out DataName name)
    {
        name = default;
        var text = key.AsSpan(key.LastIndexOf('/') + 1);
        if (!text.EndsWith(Extension, StringComparison.Ordinal))
            return false;
        Span<Range> parts = stackalloc Range[5];
        text = text[..^Extension.Length];
        if (text.Split(parts, '-') != 4
            || !int.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var lane)
            || !long.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(text[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var end))
            return false;
        name = new DataName(text[parts[0]].ToString(), lane, first, end);
        return true;
    }
}

using System.Text;

namespace StockActors.Analytics;

/// <summary>Turns a result into text, page by page.</summary>
internal interface IRowFormat
{
    /// <summary>Writes what stands before the first page, and then <paramref name="first"/>, which has no rows where the result has none.</summary>
    void Begin(IReadOnlyList<object?[]> first, StringBuilder output);

    /// <summary>Writes a further page.</summary>
    void Next(IReadOnlyList<object?[]> page, StringBuilder output);

    /// <summary>Writes what stands behind the last page.</summary>
    void End(long rows, StringBuilder output);
}

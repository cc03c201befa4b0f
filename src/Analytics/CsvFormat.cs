using System.Buffers;
using System.Text;

namespace StockActors.Analytics;

/// <summary>RFC 4180: CRLF, a field in quotes where it holds a quote, a comma or a line break.</summary>
internal sealed class CsvFormat(IReadOnlyList<QueryColumn> columns) : IRowFormat
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n");

    public void Begin(IReadOnlyList<object?[]> first, StringBuilder output)
    {
        if (columns.Count > 0)
            Line(columns.Select(column => column.Name), output);
        Next(first, output);
    }

    public void Next(IReadOnlyList<object?[]> page, StringBuilder output)
    {
        foreach (var row in page)
            Line(row, output);
    }

    public void End(long rows, StringBuilder output)
    {
    }

    private static void Line(IEnumerable<object?> values, StringBuilder output)
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first)
                output.Append(',');
            first = false;
            if (value is null)
                continue;
            var text = CellText.Of(value);
            if (text.Length == 0 || text.AsSpan().ContainsAny(Special))
                output.Append('"').Append(text.Replace("\"", "\"\"")).Append('"');
            else
                output.Append(text);
        }

        output.Append("\r\n");
    }
}

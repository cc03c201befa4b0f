using System.Globalization;
using System.Text;

namespace StockActors.Analytics;

/// <summary>
/// Aligned columns. Widths, and how many decimals a column shows, follow from the first page, so that a long result streams; a later value that
/// needs more takes it.
/// </summary>
internal sealed class TableFormat(IReadOnlyList<QueryColumn> columns) : IRowFormat
{
    private const string Null = "NULL";

    private readonly int[] _widths = new int[columns.Count];
    private readonly string[] _decimals = new string[columns.Count];

    public void Begin(IReadOnlyList<object?[]> first, StringBuilder output)
    {
        if (columns.Count == 0)
            return;
        var names = columns.Select(column => Visible(column.Name)).ToArray();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = i;
            var decimals = first.Select(row => row[column] is decimal value ? Scale(value) : 0).DefaultIfEmpty().Max();
            _decimals[i] = $"0.{new string('0', decimals)}{new string('#', 28 - decimals)}";
            _widths[i] = first.Select(row => Text(row[column], column).Length).Append(names[i].Length).Max();
        }

        Line(names, output);
        for (var i = 0; i < columns.Count; i++)
            output.Append(i == 0 ? "" : "+").Append('-', _widths[i] + 2);
        output.Append('\n');
        Next(first, output);
    }

    public void Next(IReadOnlyList<object?[]> page, StringBuilder output)
    {
        foreach (var row in page)
            Line(row.Select(Text), output);
    }

    public void End(long rows, StringBuilder output) => output.Append(CultureInfo.InvariantCulture, $"({rows} {(rows == 1 ? "row" : "rows")})\n");

    private void Line(IEnumerable<string> cells, StringBuilder output)
    {
        var i = 0;
        foreach (var cell in cells)
        {
            output.Append(i == 0 ? " " : " | ");
            var padding = Math.Max(0, _widths[i] - cell.Length);
            if (IsNumber(columns[i].Type))
                output.Append(' ', padding).Append(cell);
            else if (i < columns.Count - 1)
                output.Append(cell).Append(' ', padding);
            else
                output.Append(cell);
            i++;
        }

        output.Append('\n');
    }

    private string Text(object? value, int column) => value switch
    {
        null => Null,
        decimal number => number.ToString(_decimals[column], CultureInfo.InvariantCulture),
        _ => Visible(CellText.Of(value)),
    };

    // A line break would tear the table, an escape sequence could do worse to a terminal.
    private static string Visible(string text) => !text.Any(char.IsControl) ? text : string.Concat(text.Select(c => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(c) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    }));

    private static int Scale(decimal value) =>
        CellText.Of(value) is var text && text.IndexOf('.') is >= 0 and var point ? text.Length - point - 1 : 0;

    private static bool IsNumber(ColumnType type) =>
        type is ColumnType.Integer or ColumnType.HugeInteger or ColumnType.Decimal or ColumnType.Double;
}

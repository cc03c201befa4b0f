using System.Text;
using System.Text.Encodings.Web;

namespace StockActors.Analytics;

/// <summary>
/// An array of objects. Numbers are exact; what JSON has no number for (NaN, infinity) is a string; a column name that repeats gets a number.
/// </summary>
internal sealed class JsonFormat : IRowFormat
{
    private readonly string[] _names;
    private bool _any;

    public JsonFormat(IReadOnlyList<QueryColumn> columns)
    {
        var taken = columns.Select(column => column.Name).ToHashSet();
        var seen = new HashSet<string>();
        _names = columns.Select(column =>
        {
            var name = column.Name;
            for (var n = 2; !seen.Add(name); n++)
            {
                if (taken.Add($"{column.Name}_{n}"))
                    name = $"{column.Name}_{n}";
            }

            return $"{Quoted(name)}:";
        }).ToArray();
    }

    public void Begin(IReadOnlyList<object?[]> first, StringBuilder output)
    {
        output.Append('[');
        Next(first, output);
    }

    public void Next(IReadOnlyList<object?[]> page, StringBuilder output)
    {
        foreach (var row in page)
        {
            output.Append(_any ? ",{" : "{");
            _any = true;
            for (var i = 0; i < row.Length; i++)
            {
                if (i > 0)
                    output.Append(',');
                output.Append(_names[i]).Append(Literal(row[i]));
            }

            output.Append('}');
        }
    }

    public void End(long rows, StringBuilder output) => output.Append(']');

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => Quoted(text),
        DateTime or DateOnly => Quoted(CellText.Of(value)),
        double number when !double.IsFinite(number) => Quoted(CellText.Of(value)),
        _ => CellText.Of(value),
    };

    // The relaxed encoder leaves letters of all scripts as they are; the result goes to programs, not into HTML.
    private static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}

using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of texts, held as their codes in a table.</summary>
internal sealed class TextColumn(string name, TextTable texts, bool nullable = false) : Column(name, ColumnType.Text, nullable)
{
    private readonly Rows<int> _codes = new();

    /// <summary>A row's code; without meaning where the row is null.</summary>
    public int this[int row] => _codes[row];

    /// <summary>The texts' table.</summary>
    public TextTable Texts => texts;

    public void Set(int row, int code) => _codes[row] = code;

    public void Set(int row, string? text)
    {
        if (text is not null)
            SetCode(row, texts.CodeOf(text));
        else
            Unmark(row);
    }

    protected override void GrowValues(int capacity) => _codes.Grow(capacity);

    protected override void ClearValues() => _codes.Clear();

    protected override int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch)
    {
        var rows = (int)((ColumnReader<ByteArray>)reader).ReadBatch(
            places.Length, IsNullable ? scratch.Levels : default, default, scratch.Texts, out _);
        var next = 0;
        var code = 0;
        for (var i = 0; i < rows; i++)
        {
            var level = IsNullable ? scratch.Levels[i] : (short)1;
            if (level != 0)
            {
                // Equal texts stand in rows and are one entry of the page's dictionary: most need no look.
                var text = scratch.Texts[next];
                if (next == 0 || !text.Equals(scratch.Texts[next - 1]))
                    code = texts.CodeOf(Utf8(text));
                next++;
            }

            if (places[i] < 0)
                continue;
            if (level != 0)
                SetCode(places[i], code);
            else
                Unmark(places[i]);
        }

        return rows;
    }

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum)
    {
        var codes = scratch.Of<int>();
        var present = Gather(order, _codes, codes, scratch.Levels);
        var utf8 = texts.Utf8;
        var hashes = texts.Hashes;
        for (var i = 0; i < present; i++)
        {
            scratch.Texts[i] = utf8[codes[i]];
            scratch.Hashes[i] = hashes[codes[i]];
        }

        checksum.Add<ulong>(scratch.Hashes.AsSpan(0, present));
        Put<ByteArray>(writer, order.Length, scratch.Texts.AsSpan(0, present), scratch, checksum);
    }

    private void SetCode(int row, int code)
    {
        if (IsNullable)
            Mark(row);
        _codes[row] = code;
    }

    private static unsafe ReadOnlySpan<byte> Utf8(ByteArray text) => new((void*)text.Pointer, text.Length);
}

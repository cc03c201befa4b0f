using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of texts, held as their codes in a table.</summary>
internal sealed class TextColumn(string name, TextTable texts, bool nullable = false) : Column(name, ColumnType.Text, nullable)
{
    private int[] _codes = [];

    /// <summary>The codes by row.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>The texts' table.</summary>
    public TextTable Texts => texts;

    public void Set(int row, int code) => _codes[row] = code;

    public void Set(int row, string? text)
    {
        _codes[row] = text is null ? 0 : texts.CodeOf(text);
        if (IsNullable)
            Levels[row] = text is null ? (short)0 : (short)1;
    }

    public override void Grow(int capacity)
    {
        base.Grow(capacity);
        _codes = Grown(_codes, capacity);
    }

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum)
    {
        var codes = scratch.Ints;
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
}

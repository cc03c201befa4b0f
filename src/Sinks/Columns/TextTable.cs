using System.IO.Hashing;
using System.Runtime.InteropServices;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace StockActors.Sinks.Columns;

/// <summary>Texts by number, so that a column of them is a column of integers until it is written.</summary>
/// <remarks>Their UTF-8 bytes are pinned: the Parquet writer is given pointers. Not thread-safe.</remarks>
internal sealed class TextTable
{
    private const int ChunkSize = 4096;

    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private readonly List<ByteArray> _utf8 = [];
    private readonly List<ulong> _hashes = [];
    private readonly List<byte[]> _chunks = [];
    private int _chunkUsed = ChunkSize;
    private string? _lastText;
    private int _lastCode;

    public TextTable()
    {
    }

    /// <summary>A table whose codes are the texts' places.</summary>
    public TextTable(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
            CodeOf(text);
    }

    public int Count => _texts.Count;

    public string this[int code] => _texts[code];

    /// <summary>The texts' bytes by code.</summary>
    public ReadOnlySpan<ByteArray> Utf8 => CollectionsMarshal.AsSpan(_utf8);

    /// <summary>The texts' hashes by code.</summary>
    public ReadOnlySpan<ulong> Hashes => CollectionsMarshal.AsSpan(_hashes);

    /// <summary>A text's code, from 0.</summary>
    public int CodeOf(string text)
    {
        if (ReferenceEquals(text, _lastText))
            return _lastCode;
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(_codes, text, out var known);
        if (!known)
        {
            code = _texts.Count;
            Keep(text);
        }

        _lastText = text;
        return _lastCode = code;
    }

    /// <summary>The same for a text as files have it.</summary>
    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return _codes.TryGetValue(text, out var code) ? code : CodeOf(text);
    }

    /// <summary>Forgets all texts, and what they hold of memory.</summary>
    public void Clear()
    {
        _codes.Clear();
        _texts.Clear();
        _utf8.Clear();
        _hashes.Clear();
        _chunks.Clear();
        _chunkUsed = ChunkSize;
        _lastText = null;
    }

    private unsafe void Keep(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (_chunks.Count == 0 || _chunkUsed + length > _chunks[^1].Length)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkSize, length), pinned: true));
            _chunkUsed = 0;
        }

        var bytes = _chunks[^1].AsSpan(_chunkUsed, length);
        Encoding.UTF8.GetBytes(text, bytes);
        _chunkUsed += length;
        _texts.Add(text);
        _hashes.Add(XxHash3.HashToUInt64(bytes));
        fixed (byte* pointer = bytes)
            _utf8.Add(new ByteArray((nint)pointer, length));
    }
}

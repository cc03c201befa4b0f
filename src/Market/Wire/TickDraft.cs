using System.Runtime.CompilerServices;

namespace StockActors.Market.Wire;

/// <summary>
/// What a reader found in a record, before anything is judged: which fields there are, and their values in the numbers of ticks.proto.
/// One draft serves all records of a decoder and is cleared by <see cref="Forget"/>.
/// </summary>
internal sealed class TickDraft(StringPool symbols, StringPool texts)
{
    private Numbers _numbers;

    /// <summary>The fields found, by <see cref="TickFields.Bit"/>.</summary>
    public ulong Found { get; private set; }

    /// <summary>The kind; meaningful where <see cref="TickField.Kind"/> was found.</summary>
    public TickKind Kind { get; private set; }

    /// <summary>The symbol, valid; meaningful where it was found.</summary>
    public string Symbol { get; private set; } = "";

    /// <summary>The run; meaningful where it was found.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>A status's reason; meaningful where it was found.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>A bar's interval; meaningful where it was found.</summary>
    public string Interval { get; private set; } = "";

    /// <summary>A run's scenario; meaningful where it was found.</summary>
    public string Scenario { get; private set; } = "";

    /// <summary>A run's configuration; meaningful where it was found.</summary>
    public string Configuration { get; private set; } = "";

    /// <summary>Whether a field was found.</summary>
    public bool Has(TickField field) => (Found & TickFields.Bit(field)) != 0;

    /// <summary>A number; meaningful where the field was found.</summary>
    public long Number(TickField field) => _numbers[(int)field];

    /// <summary>A number, or <c>null</c> where the field was not found.</summary>
    public long? NumberOrNull(TickField field) => Has(field) ? Number(field) : null;

    /// <summary>A choice of an enumeration: its number on the wire, 0 where the field was not found. As in all of Protobuf, 32 bits count.</summary>
    public int Choice(TickField field) => Has(field) ? (int)Number(field) : 0;

    /// <summary>Keeps a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(TickField field, long number)
    {
        _numbers[(int)field] = number;
        Found |= TickFields.Bit(field);
    }

    /// <summary>Forgets a set of fields.</summary>
    public void Forget(ulong fields) => Found &= ~fields;

    /// <summary>Keeps the kind.</summary>
    public void SetKind(TickKind kind)
    {
        Kind = kind;
        Found |= TickFields.Bit(TickField.Kind);
    }

    /// <summary>Keeps a text.</summary>
    /// <returns><c>false</c> where the text is not UTF-8, or is no symbol where one is wanted.</returns>
    public bool TrySetText(TickField field, ReadOnlySpan<byte> utf8)
    {
        var pool = field == TickField.Symbol ? symbols : texts;
        var text = pool.Find(utf8);
        if (text is null)
        {
            if (field == TickField.Symbol ? !Market.Symbol.IsValid(utf8) : !System.Text.Unicode.Utf8.IsValid(utf8))
                return false;
            text = pool.Add(utf8);
        }

        switch (field)
        {
            case TickField.Symbol:
                Symbol = text;
                break;
            case TickField.RunId:
                RunId = text;
                break;
            case TickField.Reason:
                Reason = text;
                break;
            case TickField.Interval:
                Interval = text;
                break;
            case TickField.Scenario:
                Scenario = text;
                break;
            default:
                Configuration = text;
                break;
        }

        Found |= TickFields.Bit(field);
        return true;
    }

    [InlineArray((int)TickField.None)]
    private struct Numbers
    {
        private long _first;
    }
}

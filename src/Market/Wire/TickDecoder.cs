using System.Diagnostics.CodeAnalysis;

namespace StockActors.Market.Wire;

/// <summary>
/// Reads ticks from the values of log records: Protobuf (ticks.proto) or JSON, told apart by content (a JSON object begins with <c>{</c>, behind
/// white space or a byte order mark at most; no tick in Protobuf does).
/// </summary>
/// <remarks>
/// Not thread-safe: one decoder per lane. It keeps the strings it has made (up to 4,096 symbols and 1,024 others, bounded in bytes too), so
/// that a trade or quote of a known symbol and run allocates nothing in either format.
/// </remarks>
public sealed class TickDecoder
{
    private readonly TickDraft _draft = new(symbols: new StringPool(4096), texts: new StringPool(1024));
    private readonly JsonShape _shape = new();

    /// <summary>Reads a tick. Never throws, whatever the bytes.</summary>
    /// <param name="value">The value of one record.</param>
    /// <param name="tick">The tick; meaningless after a <c>false</c>.</param>
    /// <param name="reason">Why it is none: a sentence that names the field, or the byte where the format breaks.</param>
    public bool TryDecode(ReadOnlySpan<byte> value, out Tick tick, [NotNullWhen(false)] out string? reason)
    {
        if (value.IsEmpty)
        {
            tick = default;
            reason = "the value is empty";
            return false;
        }

        _draft.Forget(_draft.Found);
        if (IsJson(value, out var markLength)
            ? JsonTickReader.TryRead(value, markLength, _shape, _draft, out reason)
            : ProtobufTickReader.TryRead(value, _draft, out reason))
        {
            return TickRules.TryMake(_draft, out tick, out reason);
        }

        tick = default;
        return false;
    }

    private static bool IsJson(ReadOnlySpan<byte> value, out int markLength)
    {
        markLength = 0;
        switch (value[0])
        {
            case (byte)'{' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                return true;
            case 0xEF when value.StartsWith("\uFEFF"u8):
                markLength = 3;
                return true;
            default:
                return false;
        }
    }
}

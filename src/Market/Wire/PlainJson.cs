using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StockActors.Market.Wire;

/// <summary>
/// Reads a JSON object as nearly every producer writes it: flat, in ASCII, without escapes. Where a text is anything else, right or wrong, it says so and no
/// more: <see cref="System.Text.Json.Utf8JsonReader"/> decides then.
/// </summary>
/// <remarks>
/// Row <c>wire.decode.json</c> of the benchmarks compares it with that reader. Where it stands in the text is a local that is passed on by reference into what
/// is inlined, and so stays in a register.
/// </remarks>
internal static class PlainJson
{
    private const int MostDigits = 18;

    /// <summary>What ends a text, or makes it one for the general reader: all but printable ASCII, the quote and the backslash.</summary>
    private static readonly SearchValues<byte> PlainEnds = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b is < ' ' or > 0x7f or '"' or '\\').Select(b => (byte)b)]);

    /// <summary>Fills the draft.</summary>
    /// <param name="json">The object.</param>
    /// <param name="names">Which names are fields.</param>
    /// <param name="shape">How the objects before it went.</param>
    /// <param name="draft">What to fill.</param>
    /// <returns><c>false</c> where the general reader is to begin anew, with an empty draft.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, JsonNames names, JsonShape shape, TickDraft draft)
    {
        var at = 0;
        if (!TryTake(json, ref at, (byte)'{'))
            return false;
        var part = shape.Start;
        while (true)
        {
            SkipSpace(json, ref at);
            if (at == json.Length)
                return false;
            if (json[at] == '}')
                break;
            var rest = json[at..];
            TickField field;
            bool isText;
            if (part?.Next(rest) is { } next && next.Text.Length < rest.Length)
            {
                part = next;
                at += next.Text.Length;
                (field, isText) = (next.Field, next.Text[^1] == '"');
            }
            else if (!TryName(json, ref at, names, shape, ref part, out field, out isText))
            {
                return false;
            }

            var isRead = isText
                ? TryText(json, ref at, out var text) && (field == TickField.None || JsonTickReader.TrySet(text, isText: true, field, draft))
                : TryNumber(json, ref at, field, draft) || TryLiteral(json, ref at, field, draft);
            if (!isRead)
                return false;
        }

        at++;
        SkipSpace(json, ref at);
        return at == json.Length;
    }

    private static bool TryName(
        ReadOnlySpan<byte> json, ref int at, JsonNames names, JsonShape shape, ref JsonShape.Part? part, out TickField field, out bool isText)
    {
        (field, isText) = (TickField.None, false);
        var start = at;
        if ((part != shape.Start && !TryTake(json, ref at, (byte)',')) || !TryTake(json, ref at, (byte)'"')
            || !TryText(json, ref at, out var name) || !TryTake(json, ref at, (byte)':'))
        {
            return false;
        }

        field = names.Find(name);
        SkipSpace(json, ref at);
        if (at == json.Length)
            return false;
        isText = json[at] == '"';
        if (isText)
            at++;
        part = shape.Learn(part, json[start..at], field);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake(ReadOnlySpan<byte> json, ref int at, byte wanted)
    {
        SkipSpace(json, ref at);
        if (at == json.Length || json[at] != wanted)
            return false;
        at++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SkipSpace(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && json[at] <= ' ' && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryText(ReadOnlySpan<byte> json, ref int at, out ReadOnlySpan<byte> text)
    {
        text = default;
        var length = PlainLength(json[at..]);
        if (length < 0 || json[at + length] != '"')
            return false;
        text = json.Slice(at, length);
        at += length + 1;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        if (text.Length >= Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text);
            var ends = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
                | Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (ends != Vector128<byte>.Zero)
                return BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
        }

        return text.IndexOfAny(PlainEnds);
    }

    // -?(0|[1-9][0-9]*)(\.[0-9]+)? and nothing of a number behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(ReadOnlySpan<byte> json, ref int at, TickField field, TickDraft draft)
    {
        var end = at;
        var isNegative = json[end] == '-';
        if (isNegative)
            end++;
        var first = end;
        var digits = Digits(json, ref end, 0);
        var whole = end - first;
        if (whole == 0 || (whole > 1 && json[first] == '0'))
            return false;
        var fraction = 0;
        if (end < json.Length && json[end] == '.')
        {
            first = ++end;
            digits = Digits(json, ref end, digits);
            fraction = end - first;
            if (fraction == 0)
                return false;
        }

        if (!IsEnd(json, end))
            return false;
        var start = at;
        at = end;
        if (field == TickField.None)
            return true;

        // As a number of units of the field's decimals; where it has more of them, or more digits than 64 bits surely hold, its text is read.
        var shift = TickFields.DecimalsOf(field) - fraction;
        if (shift >= 0 && whole + fraction <= MostDigits && Math.BigMul(digits, Price.PowersOfTen[shift], out var units) == 0 && units <= Price.Max)
        {
            draft.Set(field, isNegative ? -(long)units : (long)units);
            return true;
        }

        return JsonTickReader.TrySet(json[start..end], isText: false, field, draft);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ReadOnlySpan<byte> json, ref int at, ulong before)
    {
        while (json.Length - at >= sizeof(ulong) && TryEightDigits(BinaryPrimitives.ReadUInt64LittleEndian(json[at..]), out var eight))
        {
            before = (before * 100_000_000) + eight;
            at += sizeof(ulong);
        }

        for (uint digit; at < json.Length && (digit = (uint)(json[at] - '0')) <= 9; at++)
            before = (before * 10) + digit;
        return before;
    }

    // Pairs, then fours, then the eight, each within its own lanes of the word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEightDigits(ulong text, out ulong number)
    {
        number = text - 0x3030303030303030;
        if (((number | (number + 0x7676767676767676)) & 0x8080808080808080) != 0)
            return false;
        number = (number * 10) + (number >> 8);
        number = (((number & 0x000000FF000000FF) * 0x000F424000000064) + (((number >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return true;
    }

    private static bool TryLiteral(ReadOnlySpan<byte> json, ref int at, TickField field, TickDraft draft)
    {
        var rest = json[at..];
        var isTrue = rest.StartsWith("true"u8);
        var isNull = rest.StartsWith("null"u8);
        if (!isTrue && !isNull && !rest.StartsWith("false"u8))
            return false;
        at += isTrue || isNull ? 4 : 5;
        if (!IsEnd(json, at))
            return false;
        if (isNull || field == TickField.None)
            return true;
        if (field is not (TickField.IsTrading or TickField.IsLast))
            return false;
        draft.Set(field, isTrue ? 1 : 0);
        return true;
    }

    private static bool IsEnd(ReadOnlySpan<byte> json, int at) => at < json.Length && json[at] is (byte)',' or (byte)'}' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}

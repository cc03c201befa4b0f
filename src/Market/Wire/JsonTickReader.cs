using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using static StockActors.Market.Wire.TickFields;

namespace StockActors.Market.Wire;

/// <summary>
/// Reads a tick from a JSON object: one with the names of ticks.proto, a plain trade with <c>ts</c> in milliseconds, or the tutorials' row
/// of a daily bar. Unknown fields are ignored, and so is a field that cannot be read where the record's kind has no such field.
/// </summary>
internal static class JsonTickReader
{
    private const long NanosPerMilli = 1_000_000;

    private static readonly JsonNames Names = new(
        [.. Enumerable.Range(0, (int)TickField.None).Select(i => (NameOf((TickField)i), (TickField)i)),
        ("Index", TickField.Symbol), ("Open", TickField.Open), ("High", TickField.High), ("Low", TickField.Low), ("Close", TickField.Close),
        ("Adj Close", TickField.AdjClose), ("Volume", TickField.Volume), ("CloseUSD", TickField.CloseUsd)]);

    /// <summary>Fills the draft, or says where the text is no JSON object or which field cannot be read.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="begin">Where in it the JSON begins.</param>
    /// <param name="shape">How the records before it went.</param>
    /// <param name="draft">What to fill, empty.</param>
    /// <param name="reason">Why it cannot be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, int begin, JsonShape shape, TickDraft draft, [NotNullWhen(false)] out string? reason)
    {
        var json = value[begin..];
        if (PlainJson.TryRead(json, Names, shape, draft))
            return TryFinish(json, draft, 0, out reason);
        draft.Forget(draft.Found);
        try
        {
            // Not told that this is all, the reader says of a text that ends early that it wants more, instead of throwing.
            var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
            var unread = 0UL;
            if (reader.Read() && reader.TokenType != JsonTokenType.StartObject)
            {
                reason = $"JSON holds no object at byte {begin + reader.TokenStartIndex}";
                return false;
            }

            if (!TryReadFields(ref reader, draft, ref unread))
            {
                reason = $"JSON ends in the middle of a value at byte {value.Length}";
                return false;
            }

            var rest = json[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8);
            if (rest >= 0)
            {
                reason = $"JSON goes on behind its object at byte {begin + reader.BytesConsumed + rest}";
                return false;
            }

            return TryFinish(json, draft, unread, out reason);
        }
        catch (JsonException e)
        {
            reason = $"JSON is broken at byte {begin + ByteOf(json, e)}: {WithoutPosition(e.Message)}";
            return false;
        }
    }

    private static bool TryReadFields(ref Utf8JsonReader reader, TickDraft draft, ref ulong unread)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
                return true;
            var field = Names.Find(ref reader);
            if (!reader.Read())
                return false;
            if (field != TickField.None && reader.TokenType != JsonTokenType.Null)
            {
                var start = reader.TokenStartIndex;
                if (TrySet(ref reader, field, draft))
                {
                    unread &= ~Bit(field);
                    continue;
                }

                // The place of what could not be read takes the place of the number, should the kind turn out to want the field.
                draft.Set(field, start);
                unread |= Bit(field);
            }

            if (!reader.TrySkip())
                return false;
        }

        return false;
    }

    private static bool TryFinish(ReadOnlySpan<byte> json, TickDraft draft, ulong unread, [NotNullWhen(false)] out string? reason)
    {
        if (!draft.Has(TickField.Kind))
            InferKind(draft);
        var wanted = Header | Bit(TickField.TsMillis) | Bit(TickField.Date) | (draft.Has(TickField.Kind) ? Of(draft.Kind) : 0);
        if ((unread & wanted) != 0)
        {
            var field = First(unread & wanted);
            reason = Describe(field, json[(int)draft.Number(field)..]);
            return false;
        }

        reason = null;
        if (!draft.Has(TickField.TsEvent) && draft.Has(TickField.TsMillis))
        {
            var millis = draft.Number(TickField.TsMillis);
            if (millis is < long.MinValue / NanosPerMilli or > long.MaxValue / NanosPerMilli)
            {
                reason = $"ts: {millis} milliseconds are not in the years 1677 to 2262";
                return false;
            }

            draft.Set(TickField.TsEvent, millis * NanosPerMilli);
        }

        if (draft.Has(TickField.Date))
        {
            if (!draft.Has(TickField.TsEvent))
                draft.Set(TickField.TsEvent, draft.Number(TickField.Date));
            if (!draft.Has(TickField.Interval))
                draft.TrySetText(TickField.Interval, "1d"u8);
        }

        return true;
    }

    private static void InferKind(TickDraft draft)
    {
        if (draft.Has(TickField.Price) && draft.Has(TickField.Size))
            draft.SetKind(TickKind.Trade);
        else if (!draft.Has(TickField.Price) && (draft.Has(TickField.BidPx) || draft.Has(TickField.AskPx)))
            draft.SetKind(TickKind.Quote);
        else if (draft.Has(TickField.Action))
            draft.SetKind(TickKind.Status);
        else if (draft.Has(TickField.Open) && draft.Has(TickField.High) && draft.Has(TickField.Low) && draft.Has(TickField.Close))
            draft.SetKind(TickKind.Bar);
    }

    private static bool TrySet(ref Utf8JsonReader reader, TickField field, TickDraft draft)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            return false;
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            if (field is not (TickField.IsTrading or TickField.IsLast))
                return false;
            draft.Set(field, reader.TokenType == JsonTokenType.True ? 1 : 0);
            return true;
        }

        if (!reader.ValueIsEscaped)
            return TrySet(reader.ValueSpan, reader.TokenType == JsonTokenType.String, field, draft);

        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return TrySet(rented.AsSpan(0, reader.CopyString(rented)), true, field, draft);
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, or bytes that are not UTF-8 beside an escape.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Keeps a value that is neither <c>true</c>, <c>false</c> nor <c>null</c>.</summary>
    /// <returns><c>false</c> where the field can't have it.</returns>
    public static bool TrySet(ReadOnlySpan<byte> utf8, bool isText, TickField field, TickDraft draft)
    {
        long number;
        switch (field)
        {
            case TickField.Symbol or TickField.RunId or TickField.Reason or TickField.Interval or TickField.Scenario or TickField.Configuration:
                return isText && draft.TrySetText(field, utf8);
            case TickField.Kind:
                var kind = isText ? TickNames.IndexOf(TickNames.Kinds, utf8) : -1;
                if (kind >= 0)
                    draft.SetKind((TickKind)kind);
                return kind >= 0;
            case TickField.Source or TickField.Side or TickField.Aggressor or TickField.Resting or TickField.Action or TickField.OrderEvent or TickField.TruthKind:
                number = isText ? TickNames.IndexOf(NamesOf(field), utf8) : -1;
                if (number < 0)
                    return false;
                number += field is TickField.Action or TickField.OrderEvent or TickField.TruthKind ? 1 : 0;
                break;
            case TickField.IsTrading or TickField.IsLast:
                return false;
            case TickField.Date:
                if (!isText || !TryDate(utf8, out number))
                    return false;
                break;
            case TickField.TsEvent or TickField.TsMillis or TickField.Sequence or TickField.TradeId or TickField.OrderId or TickField.Began or TickField.Events or TickField.Seed:
                if (!Utf8Parser.TryParse(utf8, out number, out var used) || used != utf8.Length)
                    return false;
                break;
            case TickField.BidCt or TickField.AskCt:
                if (!Utf8Parser.TryParse(utf8, out int count, out var taken) || taken != utf8.Length)
                    return false;
                number = count;
                break;
            case TickField.Size or TickField.Remaining or TickField.BidSz or TickField.AskSz or TickField.Volume or TickField.Filled:
                if (!Price.TryParseSize(utf8, out number))
                    return false;
                break;
            default:
                if (!Price.TryParse(utf8, out number))
                    return false;
                break;
        }

        draft.Set(field, number);
        return true;
    }

    private static string[] NamesOf(TickField field) => field switch
    {
        TickField.Source => TickNames.Sources,
        TickField.Side => TickNames.Sides,
        TickField.Action => TickNames.Actions,
        TickField.OrderEvent => TickNames.OrderActions,
        TickField.TruthKind => TickNames.Truths,
        _ => TickNames.Agents,
    };

    private static bool TryDate(ReadOnlySpan<byte> utf8, out long nanos)
    {
        nanos = 0;
        Span<char> text = stackalloc char["yyyy-MM-dd".Length];
        if (utf8.Length != text.Length || Encoding.UTF8.GetChars(utf8, text) != text.Length
            || !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || date.Year is < 1678 or > 2261)
        {
            return false;
        }

        nanos = UnixNanos.From(date);
        return true;
    }

    private static string Describe(TickField field, ReadOnlySpan<byte> token)
    {
        var reader = new Utf8JsonReader(token, isFinalBlock: false, state: default);
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var found = reader.TokenType == JsonTokenType.StartObject ? "object" : "array";
            return $"{NameOf(field)}: an {found} stands where a single value is wanted";
        }

        if (field == TickField.Symbol && reader.TokenType == JsonTokenType.String)
            return TickReasons.BadText(field, reader.ValueSpan);
        var quote = reader.TokenType == JsonTokenType.String ? "'" : "";
        return $"{NameOf(field)}: {quote}{Excerpt.Of(reader.ValueSpan)}{quote} is {Want(field)}";
    }

    private static string Want(TickField field) => field switch
    {
        TickField.Symbol or TickField.RunId or TickField.Reason or TickField.Interval or TickField.Scenario or TickField.Configuration => "no text in valid UTF-8",
        TickField.Kind => Choice(TickNames.Kinds),
        TickField.Source or TickField.Side or TickField.Aggressor or TickField.Resting or TickField.Action or TickField.OrderEvent or TickField.TruthKind => Choice(NamesOf(field)),
        TickField.IsTrading or TickField.IsLast => "neither true nor false",
        TickField.Date => "no date such as 1986-12-31 in the years 1678 to 2261",
        TickField.TsEvent or TickField.TsMillis or TickField.Sequence or TickField.TradeId or TickField.OrderId or TickField.Began or TickField.Events or TickField.Seed => "no integer of 64 bits",
        TickField.BidCt or TickField.AskCt => "no integer of 32 bits",
        TickField.Size or TickField.Remaining or TickField.BidSz or TickField.AskSz or TickField.Volume or TickField.Filled => "no decimal number that rounds to an integer of 64 bits",
        _ => "no decimal number within ±999999999.999999999",
    };

    private static string Choice(string[] names) => $"none of {string.Join(", ", names.Where(name => name.Length > 0))}";

    private static long ByteOf(ReadOnlySpan<byte> json, JsonException e)
    {
        var line = 0;
        for (var lines = e.LineNumber ?? 0; lines > 0; lines--)
            line += json[line..].IndexOf((byte)'\n') + 1;
        return line + (e.BytePositionInLine ?? 0);
    }

    private static string WithoutPosition(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }
}

using System.Diagnostics.CodeAnalysis;

namespace StockActors.Market.Wire;

/// <summary>
/// Reads ticks.proto over a span, with Protobuf's own rules: fields in any order, the last of a repeated one counts, bodies of the same kind
/// merge, unknown fields and known fields of another wire type are skipped.
/// </summary>
internal static class ProtobufTickReader
{
    private static readonly byte[] HeaderTags = Table((0x08, TickField.Source), (0x12, TickField.Symbol), (0x19, TickField.TsEvent),
        (0x22, TickField.RunId), (0x28, TickField.Sequence), (0x32, TickField.Kind), (0x3A, TickField.Kind), (0x42, TickField.Kind),
        (0x4A, TickField.Kind), (0x52, TickField.Kind), (0x5A, TickField.Kind), (0x62, TickField.Kind));

    private static readonly byte[] TradeTags = Table((0x08, TickField.Price), (0x10, TickField.Size), (0x18, TickField.Side),
        (0x20, TickField.TradeId), (0x28, TickField.Aggressor), (0x30, TickField.Resting), (0x38, TickField.BidPx), (0x40, TickField.BidSz),
        (0x48, TickField.BidCt), (0x50, TickField.AskPx), (0x58, TickField.AskSz), (0x60, TickField.AskCt));

    private static readonly byte[] QuoteTags = Table((0x08, TickField.BidPx), (0x10, TickField.BidSz), (0x18, TickField.BidCt),
        (0x20, TickField.AskPx), (0x28, TickField.AskSz), (0x30, TickField.AskCt));

    private static readonly byte[] StatusTags = Table((0x08, TickField.Action), (0x12, TickField.Reason), (0x18, TickField.IsTrading),
        (0x20, TickField.LimitUp), (0x28, TickField.LimitDown));

    private static readonly byte[] BarTags = Table((0x08, TickField.Open), (0x10, TickField.High), (0x18, TickField.Low),
        (0x20, TickField.Close), (0x28, TickField.AdjClose), (0x30, TickField.Volume), (0x38, TickField.CloseUsd), (0x42, TickField.Interval));

    private static readonly byte[] OrderTags = Table((0x08, TickField.OrderEvent), (0x10, TickField.OrderId), (0x18, TickField.Side), (0x20, TickField.Price),
        (0x28, TickField.Size), (0x30, TickField.Remaining), (0x38, TickField.TradeId), (0x40, TickField.IsLast));

    private static readonly byte[] TruthTags = Table((0x08, TickField.TruthKind), (0x11, TickField.Began), (0x18, TickField.Side), (0x20, TickField.Price),
        (0x28, TickField.Size), (0x30, TickField.Filled), (0x38, TickField.Events));

    private static readonly byte[] RunTags = Table((0x08, TickField.Seed), (0x12, TickField.Scenario), (0x1A, TickField.Configuration));

    /// <summary>Fills the draft, or says where the bytes are no Protobuf message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, TickDraft draft, [NotNullWhen(false)] out string? reason)
    {
        var cursor = new ProtobufCursor(value);
        while (!cursor.AtEnd)
        {
            var start = cursor.Position;
            if (!cursor.TryReadTag(out var tag))
                return Broken(cursor, start, out reason);
            switch (tag < 0x80 ? (TickField)HeaderTags[tag] : TickField.None)
            {
                case TickField.Kind:
                    if (!cursor.TryReadBytes(out var body))
                        return Broken(cursor, start, out reason);
                    if (!TryReadBody(value, cursor.Position - body.Length, cursor.Position, (TickKind)((tag >> 3) - 6), draft, out reason))
                        return false;
                    break;
                case TickField.TsEvent:
                    if (!cursor.TryReadFixed64(out var nanos))
                        return Broken(cursor, start, out reason);
                    draft.Set(TickField.TsEvent, nanos);
                    break;
                case TickField.Source:
                    if (!cursor.TryReadVarint(out var source))
                        return Broken(cursor, start, out reason);
                    draft.Set(TickField.Source, source);
                    break;
                case TickField.Sequence:
                    if (!cursor.TryReadVarint(out var sequence))
                        return Broken(cursor, start, out reason);
                    draft.Set(TickField.Sequence, sequence);
                    break;
                case TickField.Symbol:
                case TickField.RunId:
                    if (!cursor.TryReadBytes(out var text))
                        return Broken(cursor, start, out reason);
                    var field = (TickField)HeaderTags[tag];
                    if (!draft.TrySetText(field, text))
                        return BadText(field, text, out reason);
                    break;
                default:
                    if (!cursor.TrySkip(tag))
                        return Broken(cursor, start, out reason);
                    break;
            }
        }

        reason = null;
        return true;
    }

    private static bool TryReadBody(ReadOnlySpan<byte> value, int begin, int end, TickKind kind, TickDraft draft,
        [NotNullWhen(false)] out string? reason)
    {
        if (draft.Has(TickField.Kind) && draft.Kind != kind)
            draft.Forget(TickFields.Bodies);
        draft.SetKind(kind);
        var tags = kind switch
        {
            TickKind.Trade => TradeTags,
            TickKind.Quote => QuoteTags,
            TickKind.Status => StatusTags,
            TickKind.Bar => BarTags,
            TickKind.Order => OrderTags,
            TickKind.Truth => TruthTags,
            _ => RunTags,
        };
        var cursor = new ProtobufCursor(value[..end], begin);
        while (!cursor.AtEnd)
        {
            var start = cursor.Position;
            if (!cursor.TryReadTag(out var tag))
                return Broken(cursor, start, out reason);
            var field = tag < 0x80 ? (TickField)tags[tag] : TickField.None;
            if (field == TickField.None)
            {
                if (!cursor.TrySkip(tag))
                    return Broken(cursor, start, out reason);
            }
            else if ((tag & 7) == 0)
            {
                if (!cursor.TryReadVarint(out var number))
                    return Broken(cursor, start, out reason);
                draft.Set(field, number);
            }
            else if ((tag & 7) == 1)
            {
                if (!cursor.TryReadFixed64(out var number))
                    return Broken(cursor, start, out reason);
                draft.Set(field, number);
            }
            else
            {
                if (!cursor.TryReadBytes(out var text))
                    return Broken(cursor, start, out reason);
                if (!draft.TrySetText(field, text))
                    return BadText(field, text, out reason);
            }
        }

        reason = null;
        return true;
    }

    private static bool Broken(in ProtobufCursor cursor, int start, out string reason)
    {
        reason = $"neither JSON nor Tick of ticks.proto: the field at byte {start} {cursor.Fault}";
        return false;
    }

    private static bool BadText(TickField field, ReadOnlySpan<byte> utf8, out string reason)
    {
        reason = TickReasons.BadText(field, utf8);
        return false;
    }

    private static byte[] Table(params ReadOnlySpan<(int Tag, TickField Field)> entries)
    {
        var table = new byte[0x80];
        Array.Fill(table, (byte)TickField.None);
        foreach (var (tag, field) in entries)
            table[tag] = (byte)field;
        return table;
    }
}

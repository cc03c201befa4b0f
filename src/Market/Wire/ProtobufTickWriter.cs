using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text.Unicode;

namespace StockActors.Market.Wire;

/// <summary>Writes ticks.proto in the order of its field numbers, as generated code does.</summary>
internal static class ProtobufTickWriter
{
    // Tags, lengths and numbers of the largest message (a trade whose numbers all take ten bytes), beside its texts.
    private const int MaxFixedBytes = 256;
    private const int MaxBytesPerChar = 3;

    public static void Write(in Tick tick, IBufferWriter<byte> writer)
    {
        var chars = tick.Symbol.Length + (tick.RunId?.Length ?? 0) + TickEncoder.CharsOf(tick);
        var span = writer.GetSpan(MaxFixedBytes + (chars * MaxBytesPerChar));
        var at = Number(span, 0, 0x08, tick.Source == TickSource.External ? TickRules.SourceExternal : (int)tick.Source);
        at = Text(span, at, 0x12, tick.Symbol);
        at = Fixed64(span, at, 0x19, tick.TsEvent);
        at = Text(span, at, 0x22, tick.RunId);
        at = Number(span, at, 0x28, tick.Sequence);

        span[at++] = (byte)(0x32 + ((int)tick.Kind << 3));
        var body = ++at;
        at = tick.Kind switch
        {
            TickKind.Trade => Trade(span, at, tick.Trade, tick.Book),
            TickKind.Quote => Book(span, at, 0x08, tick.Book),
            TickKind.Status => Status(span, at, tick.Status),
            TickKind.Order => Order(span, at, tick.Order),
            TickKind.Truth => Truth(span, at, tick.Truth!),
            TickKind.Run => Run(span, at, tick.Run!),
            _ => Bar(span, at, tick.Bar!),
        };
        writer.Advance(SetLength(span, body, at));
    }

    private static int Trade(Span<byte> span, int at, in Trade trade, in BestBidOffer book)
    {
        at = Number(span, at, 0x08, trade.Price);
        at = Number(span, at, 0x10, trade.Size);
        if (trade.Side != Side.None)
            at = Number(span, at, 0x18, (int)trade.Side);
        at = Number(span, at, 0x20, trade.TradeId);
        if (trade.Aggressor != AgentClass.Unknown)
            at = Number(span, at, 0x28, (int)trade.Aggressor);
        if (trade.Resting != AgentClass.Unknown)
            at = Number(span, at, 0x30, (int)trade.Resting);
        return Book(span, at, 0x38, book);
    }

    private static int Book(Span<byte> span, int at, byte firstTag, in BestBidOffer book)
    {
        at = Level(span, at, firstTag, book.Bid);
        return Level(span, at, (byte)(firstTag + 0x18), book.Ask);
    }

    private static int Level(Span<byte> span, int at, byte firstTag, in BookLevel? level)
    {
        if (level is not { } best)
            return at;
        at = Number(span, at, firstTag, best.Price);
        at = Number(span, at, (byte)(firstTag + 0x08), best.Size);
        return best.Count is { } count ? Number(span, at, (byte)(firstTag + 0x10), count) : at;
    }

    private static int Status(Span<byte> span, int at, in Status status)
    {
        at = Number(span, at, 0x08, (int)status.Action + 1);
        at = Text(span, at, 0x12, status.Reason);
        if (status.IsTrading is { } trading)
            at = Number(span, at, 0x18, trading ? 1 : 0);
        at = Number(span, at, 0x20, status.LimitUp);
        return Number(span, at, 0x28, status.LimitDown);
    }

    private static int Bar(Span<byte> span, int at, Bar bar)
    {
        at = Number(span, at, 0x08, bar.Open);
        at = Number(span, at, 0x10, bar.High);
        at = Number(span, at, 0x18, bar.Low);
        at = Number(span, at, 0x20, bar.Close);
        at = Number(span, at, 0x28, bar.AdjClose);
        at = Number(span, at, 0x30, bar.Volume);
        at = Number(span, at, 0x38, bar.CloseUsd);
        return Text(span, at, 0x42, bar.Interval);
    }

    private static int Order(Span<byte> span, int at, in OrderEvent order)
    {
        at = Number(span, at, 0x08, (int)order.Action + 1);
        if (order.Action < OrderAction.Clear)
        {
            at = Number(span, at, 0x10, order.OrderId);
            at = Number(span, at, 0x18, (int)order.Side);
            at = Number(span, at, 0x20, order.Price);
            at = Number(span, at, 0x28, order.Size);
            if (order.Remaining != 0)
                at = Number(span, at, 0x30, order.Remaining);
            at = Number(span, at, 0x38, order.TradeId);
        }

        return order.IsLast ? Number(span, at, 0x40, 1) : at;
    }

    private static int Truth(Span<byte> span, int at, Truth truth)
    {
        at = Number(span, at, 0x08, (int)truth.Kind + 1);
        at = Fixed64(span, at, 0x11, truth.Began);
        if (truth.Side != Side.None)
            at = Number(span, at, 0x18, (int)truth.Side);
        at = Number(span, at, 0x20, truth.Price);
        at = Number(span, at, 0x28, truth.Size);
        at = Number(span, at, 0x30, truth.Filled);
        return Number(span, at, 0x38, truth.Events);
    }

    private static int Run(Span<byte> span, int at, RunSetup run)
    {
        at = Number(span, at, 0x08, run.Seed);
        at = Text(span, at, 0x12, run.Scenario);
        return Text(span, at, 0x1A, run.Configuration);
    }

    private static int Fixed64(Span<byte> span, int at, byte tag, long number)
    {
        span[at++] = tag;
        BinaryPrimitives.WriteInt64LittleEndian(span[at..], number);
        return at + sizeof(long);
    }

    private static int Number(Span<byte> span, int at, byte tag, long? number) => number is { } some ? Number(span, at, tag, some) : at;

    private static int Number(Span<byte> span, int at, byte tag, long number)
    {
        span[at++] = tag;
        return Varint(span, at, (ulong)number);
    }

    private static int Varint(Span<byte> span, int at, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            span[at++] = (byte)(number | 0x80);
        span[at++] = (byte)number;
        return at;
    }

    private static int Text(Span<byte> span, int at, byte tag, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return at;
        span[at++] = tag;
        Utf8.FromUtf16(text, span[(at + 1)..], out _, out var written);
        return SetLength(span, at + 1, at + 1 + written);
    }

    // The length of [begin, end) goes into the byte before begin; where it takes more than that byte, what is there makes room.
    private static int SetLength(Span<byte> span, int begin, int end)
    {
        var length = end - begin;
        if (length < 0x80)
        {
            span[begin - 1] = (byte)length;
            return end;
        }

        var more = BitOperations.Log2((uint)length) / 7;
        span[begin..end].CopyTo(span[(begin + more)..]);
        Varint(span, begin - 1, (ulong)length);
        return end + more;
    }
}

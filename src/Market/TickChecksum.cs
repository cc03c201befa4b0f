using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StockActors.Market;

/// <summary>
/// A running checksum over ticks: equal for equal ticks in equal order, whatever the wire format, the machine or the cluster layout.
/// 64 bits, mixed by multiplication and rotation (FNV's prime, one step a number or four characters of a text); a guard against faults, not
/// against an adversary.
/// </summary>
public static class TickChecksum
{
    /// <summary>The checksum of no ticks.</summary>
    public const ulong Empty = 0xcbf29ce484222325;

    private const ulong Prime = 0x00000100000001b3;
    private const ulong Missing = 0x9e3779b97f4a7c15;

    /// <summary>The checksum with one more tick.</summary>
    public static ulong Add(ulong checksum, in Tick tick)
    {
        var h = Step(checksum, (ulong)tick.Kind | ((ulong)tick.Source << 8));
        h = Mix(h, tick.Symbol);
        h = Mix(h, tick.TsEvent);
        h = Mix(h, tick.Sequence);
        h = Mix(h, tick.RunId);
        switch (tick.Kind)
        {
            case TickKind.Trade:
                var trade = tick.Trade;
                h = Mix(h, trade.Price);
                h = Mix(h, trade.Size);
                h = Step(h, (ulong)trade.Side | ((ulong)trade.Aggressor << 8) | ((ulong)trade.Resting << 16));
                h = Mix(h, trade.TradeId);
                return Mix(h, tick.Book);
            case TickKind.Quote:
                return Mix(h, tick.Book);
            case TickKind.Status:
                var status = tick.Status;
                h = Step(h, (ulong)status.Action | (status.IsTrading is { } trading ? trading ? 0x100UL : 0x200UL : 0));
                h = Mix(h, status.Reason ?? "");
                h = Mix(h, status.LimitUp);
                return Mix(h, status.LimitDown);
            case TickKind.Order:
                var order = tick.Order;
                h = Step(h, (ulong)order.Action | ((ulong)order.Side << 8) | (order.IsLast ? 0x10000UL : 0));
                h = Mix(h, order.OrderId);
                h = Mix(h, order.Price);
                h = Mix(h, order.Size);
                h = Mix(h, order.Remaining);
                return Mix(h, order.TradeId);
            case TickKind.Truth:
                var truth = tick.Truth!;
                h = Step(h, (ulong)truth.Kind | ((ulong)truth.Side << 8));
                h = Mix(h, truth.Began);
                h = Mix(h, truth.Price);
                h = Mix(h, truth.Size);
                h = Mix(h, truth.Filled);
                return Mix(h, truth.Events);
            case TickKind.Run:
                var run = tick.Run!;
                h = Mix(h, run.Seed);
                h = Mix(h, run.Scenario);
                return Mix(h, run.Configuration);
            default:
                var bar = tick.Bar!;
                h = Mix(h, bar.Open);
                h = Mix(h, bar.High);
                h = Mix(h, bar.Low);
                h = Mix(h, bar.Close);
                h = Mix(h, bar.AdjClose);
                h = Mix(h, bar.Volume);
                h = Mix(h, bar.CloseUsd);
                return Mix(h, bar.Interval);
        }
    }

    private static ulong Step(ulong h, ulong value)
    {
        h = (h ^ value) * Prime;
        return h ^ (h >> 29);
    }

    private static ulong Mix(ulong h, long value) => Step(h, (ulong)value);

    private static ulong Mix(ulong h, long? value) => value is { } some ? Step(Step(h, 1), (ulong)some) : Step(h, Missing);

    private static ulong Mix(ulong h, BestBidOffer book) => Mix(Mix(h, book.Bid), book.Ask);

    private static ulong Mix(ulong h, BookLevel? level) =>
        level is { } some ? Mix(Mix(Mix(h, some.Price), some.Size), some.Count) : Step(h, Missing);

    private static ulong Mix(ulong h, string text)
    {
        h = Step(h, (ulong)text.Length);
        var rest = MemoryMarshal.AsBytes(text.AsSpan());
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            h = Step(h, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        for (; !rest.IsEmpty; rest = rest[sizeof(char)..])
            h = Step(h, BinaryPrimitives.ReadUInt16LittleEndian(rest));
        return h;
    }
}

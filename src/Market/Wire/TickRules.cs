using System.Diagnostics.CodeAnalysis;
using static StockActors.Market.Wire.TickFields;

namespace StockActors.Market.Wire;

/// <summary>What a record must hold to be a tick, the same for both formats.</summary>
internal static class TickRules
{
    private const ulong RequiredOfAll = (1UL << (int)TickField.Kind) | (1UL << (int)TickField.Symbol) | (1UL << (int)TickField.TsEvent);
    private const ulong RequiredOfTrade = RequiredOfAll | (1UL << (int)TickField.Price) | (1UL << (int)TickField.Size);
    private const ulong RequiredOfStatus = RequiredOfAll | (1UL << (int)TickField.Action);
    private const ulong RequiredOfBar = RequiredOfAll | (1UL << (int)TickField.Open) | (1UL << (int)TickField.High) | (1UL << (int)TickField.Low)
        | (1UL << (int)TickField.Close) | (1UL << (int)TickField.Interval);

    private const ulong RequiredOfOrder = RequiredOfAll | (1UL << (int)TickField.OrderEvent);
    private const ulong RequiredOfOne = (1UL << (int)TickField.OrderId) | (1UL << (int)TickField.Side) | (1UL << (int)TickField.Size);

    private const ulong RequiredOfTruth = RequiredOfAll | (1UL << (int)TickField.TruthKind) | (1UL << (int)TickField.Began);
    private const ulong RequiredOfRun = RequiredOfAll | Run;

    /// <summary>The number of <see cref="TickSource.External"/> in ticks.proto; 0 is read as external too.</summary>
    public const int SourceExternal = 4;

    private const int LastSide = (int)Side.Bid;
    private const int LastAgent = (int)AgentClass.Institution;
    private const int LastAction = (int)StatusAction.Resume + 1;
    private const int LastOrderAction = (int)OrderAction.Open + 1;
    private const int LastTruth = (int)TruthKind.FeedGap + 1;

    /// <summary>Makes the tick, or says which field forbids it.</summary>
    public static bool TryMake(TickDraft draft, out Tick tick, [NotNullWhen(false)] out string? reason)
    {
        tick = default;
        var missing = RequiredOf(draft) & ~draft.Found;
        if (missing != 0)
        {
            reason = Missing(First(missing));
            return false;
        }

        var source = draft.Choice(TickField.Source);
        if ((uint)source > SourceExternal)
            return Unknown(TickField.Source, source, out reason);
        var sequence = draft.NumberOrNull(TickField.Sequence);
        if (sequence < 1)
            return Refuse(TickField.Sequence, $"{sequence} is below 1", out reason);

        tick.Kind = draft.Kind;
        tick.Source = source == SourceExternal ? TickSource.External : (TickSource)source;
        tick.Symbol = draft.Symbol;
        tick.TsEvent = draft.Number(TickField.TsEvent);
        tick.Sequence = sequence;
        tick.RunId = draft.Has(TickField.RunId) ? draft.RunId : "";
        return draft.Kind switch
        {
            TickKind.Trade => TryTrade(draft, ref tick, out reason) && TryBook(draft, ref tick, out reason),
            TickKind.Quote => TryBook(draft, ref tick, out reason),
            TickKind.Status => TryStatus(draft, ref tick, out reason),
            TickKind.Order => TryOrder(draft, ref tick, out reason),
            TickKind.Truth => TryTruth(draft, ref tick, out reason),
            TickKind.Run => TryRun(draft, ref tick, out reason),
            _ => TryBar(draft, ref tick, out reason),
        };
    }

    private static ulong RequiredOf(TickDraft draft) => !draft.Has(TickField.Kind) ? RequiredOfAll : draft.Kind switch
    {
        TickKind.Trade => RequiredOfTrade,
        TickKind.Quote => RequiredOfAll,
        TickKind.Status => RequiredOfStatus,
        TickKind.Order => RequiredOfOrder,
        TickKind.Truth => RequiredOfTruth,
        TickKind.Run => RequiredOfRun,
        _ => RequiredOfBar,
    };

    private static bool TryTrade(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        var price = draft.Number(TickField.Price);
        if (!IsPrice(price))
            return OutOfRange(TickField.Price, price, out reason);
        var size = draft.Number(TickField.Size);
        if (size <= 0)
            return Refuse(TickField.Size, $"{size} is not above 0", out reason);
        var side = draft.Choice(TickField.Side);
        if ((uint)side > LastSide)
            return Unknown(TickField.Side, side, out reason);
        var aggressor = draft.Choice(TickField.Aggressor);
        if ((uint)aggressor > LastAgent)
            return Unknown(TickField.Aggressor, aggressor, out reason);
        var resting = draft.Choice(TickField.Resting);
        if ((uint)resting > LastAgent)
            return Unknown(TickField.Resting, resting, out reason);
        tick.Trade = new Trade(price, size, (Side)side, draft.NumberOrNull(TickField.TradeId), (AgentClass)aggressor, (AgentClass)resting);
        reason = null;
        return true;
    }

    private static bool TryBook(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        if (!TryLevel(draft, TickField.BidPx, out var bid, out reason) || !TryLevel(draft, TickField.AskPx, out var ask, out reason))
            return false;
        tick.Book = new BestBidOffer(bid, ask);
        return true;
    }

    private static bool TryLevel(TickDraft draft, TickField px, out BookLevel? level, [NotNullWhen(false)] out string? reason)
    {
        const ulong hasPx = 1, hasSz = 2, hasCt = 4;
        var (sz, ct) = (px + 1, px + 2);
        level = null;
        reason = null;
        var has = (draft.Found >> (int)px) & (hasPx | hasSz | hasCt);
        if (has == 0)
            return true;
        if ((has & (hasPx | hasSz)) != (hasPx | hasSz))
        {
            var lone = (has & hasPx) != 0 ? px : (has & hasSz) != 0 ? sz : ct;
            return Refuse(lone, $"given without {NameOf((has & hasPx) != 0 ? sz : px)}", out reason);
        }

        var price = draft.Number(px);
        if (!IsPrice(price))
            return OutOfRange(px, price, out reason);
        var size = draft.Number(sz);
        if (size < 0)
            return Refuse(sz, $"{size} is below 0", out reason);
        int? count = (has & hasCt) != 0 ? (int)draft.Number(ct) : null;
        if (count < 0)
            return Refuse(ct, $"{count} is below 0", out reason);
        level = new BookLevel(price, size, count);
        return true;
    }

    private static bool TryStatus(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        var action = draft.Choice(TickField.Action);
        if ((uint)(action - 1) >= LastAction)
            return Unknown(TickField.Action, action, out reason);
        if (!ArePrices(draft, TickField.LimitUp, TickField.LimitDown, out reason))
            return false;
        tick.Status = new Status((StatusAction)(action - 1), draft.Has(TickField.Reason) && draft.Reason.Length > 0 ? draft.Reason : null,
            draft.Has(TickField.IsTrading) ? draft.Number(TickField.IsTrading) != 0 : null, draft.NumberOrNull(TickField.LimitUp),
            draft.NumberOrNull(TickField.LimitDown));
        return true;
    }

    private static bool TryBar(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        if (!ArePrices(draft, TickField.Open, TickField.AdjClose, out reason) || !ArePrices(draft, TickField.CloseUsd, TickField.CloseUsd, out reason))
            return false;
        var (open, high, low, close) = (draft.Number(TickField.Open), draft.Number(TickField.High), draft.Number(TickField.Low),
            draft.Number(TickField.Close));
        if (high < low)
            return Refuse(TickField.High, $"{Price.Format(high)} is below low {Price.Format(low)}", out reason);
        if (open < low || open > high)
            return Outside(TickField.Open, open, low, high, out reason);
        if (close < low || close > high)
            return Outside(TickField.Close, close, low, high, out reason);
        var volume = draft.NumberOrNull(TickField.Volume);
        if (volume < 0)
            return Refuse(TickField.Volume, $"{volume} is below 0", out reason);
        if (!IsInterval(draft.Interval))
        {
            return Refuse(TickField.Interval, $"'{Excerpt.Of(draft.Interval)}' is no number from 1 to 999999 followed by s, m, h, d, w or mo",
                out reason);
        }

        tick.Bar = new Bar(open, high, low, close, draft.NumberOrNull(TickField.AdjClose), volume, draft.NumberOrNull(TickField.CloseUsd),
            draft.Interval);
        return true;
    }

    private static bool TryOrder(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        var number = draft.Choice(TickField.OrderEvent);
        if ((uint)(number - 1) >= LastOrderAction)
            return Unknown(TickField.OrderEvent, number, out reason);
        var action = (OrderAction)(number - 1);
        var isLast = draft.Has(TickField.IsLast) && draft.Number(TickField.IsLast) != 0;
        if (action >= OrderAction.Clear)
        {
            tick.Order = new OrderEvent(action, Side.None, isLast, 0, null, 0, 0, null);
            reason = null;
            return true;
        }

        var missing = (action == OrderAction.Execute ? RequiredOfOne | Bit(TickField.Price) : RequiredOfOne) & ~draft.Found;
        if (missing != 0)
        {
            reason = Missing(First(missing));
            return false;
        }

        if (!ArePrices(draft, TickField.Price, TickField.Price, out reason))
            return false;
        var side = draft.Choice(TickField.Side);
        if ((uint)(side - 1) >= LastSide)
            return Unknown(TickField.Side, side, out reason);
        var size = draft.Number(TickField.Size);
        if (size <= 0)
            return Refuse(TickField.Size, $"{size} is not above 0", out reason);
        var remaining = draft.NumberOrNull(TickField.Remaining) ?? 0;
        if (remaining < 0)
            return Refuse(TickField.Remaining, $"{remaining} is below 0", out reason);
        tick.Order = new OrderEvent(
            action, (Side)side, isLast, draft.Number(TickField.OrderId), draft.NumberOrNull(TickField.Price), size, remaining, draft.NumberOrNull(TickField.TradeId));
        return true;
    }

    private static bool TryTruth(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        var number = draft.Choice(TickField.TruthKind);
        if ((uint)(number - 1) >= LastTruth)
            return Unknown(TickField.TruthKind, number, out reason);
        var side = draft.Choice(TickField.Side);
        if ((uint)side > LastSide)
            return Unknown(TickField.Side, side, out reason);
        if (!ArePrices(draft, TickField.Price, TickField.Price, out reason))
            return false;
        foreach (var field in (ReadOnlySpan<TickField>)[TickField.Size, TickField.Filled, TickField.Events])
        {
            if (draft.NumberOrNull(field) is < 0 and var below)
                return Refuse(field, $"{below} is below 0", out reason);
        }

        tick.Truth = new Truth(
            (TruthKind)(number - 1), draft.Number(TickField.Began), (Side)side, draft.NumberOrNull(TickField.Price), draft.NumberOrNull(TickField.Size),
            draft.NumberOrNull(TickField.Filled), draft.NumberOrNull(TickField.Events));
        return true;
    }

    private static bool TryRun(TickDraft draft, ref Tick tick, [NotNullWhen(false)] out string? reason)
    {
        tick.Run = new RunSetup(draft.Number(TickField.Seed), draft.Scenario, draft.Configuration);
        reason = null;
        return true;
    }

    private static bool IsPrice(long units) => units is >= -Price.Max and <= Price.Max;

    private static bool ArePrices(TickDraft draft, TickField first, TickField last, [NotNullWhen(false)] out string? reason)
    {
        for (var field = first; field <= last; field++)
        {
            if (draft.Has(field) && !IsPrice(draft.Number(field)))
                return OutOfRange(field, draft.Number(field), out reason);
        }

        reason = null;
        return true;
    }

    private static bool IsInterval(string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789");
        var number = text.AsSpan(0, text.Length - unit.Length);
        return number.Length is >= 1 and <= 6 && number[0] != '0' && unit is "s" or "m" or "h" or "d" or "w" or "mo";
    }

    private static string Missing(TickField field) => field switch
    {
        TickField.Kind => "kind: missing, and there are not the fields of a trade (price, size), quote (bid_px or ask_px), status (action) "
            + "or bar (open, high, low, close)",
        TickField.TsEvent => "ts_event: missing (nanoseconds since 1970-01-01 UTC)",
        _ => $"{NameOf(field)}: missing",
    };

    private static bool Unknown(TickField field, int choice, out string reason) =>
        Refuse(field, choice == 0 ? "missing" : $"{choice} is not known to this build", out reason);

    private static bool OutOfRange(TickField field, long units, out string reason) =>
        Refuse(field, $"{units} units of 1e-9 are out of range, ±999999999.999999999", out reason);

    private static bool Outside(TickField field, long price, long low, long high, out string reason) =>
        Refuse(field, $"{Price.Format(price)} is outside low {Price.Format(low)} to high {Price.Format(high)}", out reason);

    private static bool Refuse(TickField field, string why, out string reason)
    {
        reason = $"{NameOf(field)}: {why}";
        return false;
    }
}

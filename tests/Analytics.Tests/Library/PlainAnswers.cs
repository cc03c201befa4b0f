using System.Globalization;
using System.Numerics;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Analytics.Tests;

/// <summary>What each query of the library must answer, computed without SQL.</summary>
internal sealed class PlainAnswers
{
    private const string All = "*";

    private readonly List<Tick> _trades;
    private readonly List<Tick> _quotes;
    private readonly List<Tick> _status;
    private readonly List<Tick> _all;
    private readonly IReadOnlyList<Tick> _ticks;
    private readonly IReadOnlyList<Tick> _truths;
    private readonly Func<string, string> _given;

    /// <summary>Chooses the ticks that the usual parameters select.</summary>
    public PlainAnswers(IReadOnlyList<Tick> ticks, IReadOnlyList<Tick> truths, Func<string, string> given)
    {
        (_ticks, _given) = (ticks, given);
        var symbols = given("symbol") == All ? null : given("symbol").Split(',');
        _all = [.. ticks.Where(tick => (symbols is null || symbols.Contains(tick.Symbol)) && (given("run") == All || given("run") == tick.RunId)
            && (given("from") == All || tick.TsEvent >= Instant(given("from"))) && (given("to") == All || tick.TsEvent < Instant(given("to"))))];
        _truths = [.. truths.Where(truth => (symbols is null || symbols.Contains(truth.Symbol)) && (given("run") == All || given("run") == truth.RunId)
            && (given("from") == All || truth.TsEvent >= Instant(given("from"))) && (given("to") == All || truth.TsEvent < Instant(given("to"))))];
        _trades = [.. _all.Where(tick => tick.Kind == TickKind.Trade).OrderBy(tick => tick.TsEvent).ThenBy(tick => tick.Sequence ?? long.MaxValue)
            .ThenBy(tick => tick.Trade.TradeId ?? long.MaxValue).ThenBy(tick => tick.Trade.Price).ThenBy(tick => tick.Trade.Size)];
        _quotes = [.. _all.Where(tick => tick.Kind == TickKind.Quote).OrderBy(tick => tick.TsEvent).ThenBy(tick => tick.Sequence ?? long.MaxValue)
            .ThenBy(tick => tick.Book.Bid?.Price ?? long.MaxValue).ThenBy(tick => tick.Book.Ask?.Price ?? long.MaxValue)
            .ThenBy(tick => tick.Book.Bid?.Size ?? long.MaxValue).ThenBy(tick => tick.Book.Ask?.Size ?? long.MaxValue)];
        _status = [.. _all.Where(tick => tick.Kind == TickKind.Status).OrderBy(tick => tick.TsEvent).ThenBy(tick => tick.Sequence ?? long.MaxValue)
            .ThenBy(tick => TickNames.Of(tick.Status.Action), StringComparer.Ordinal).ThenBy(tick => tick.Status.Reason ?? "~", StringComparer.Ordinal)];
    }

    /// <summary>The rows; <c>null</c> where nobody has computed that query.</summary>
    public IEnumerable<object?[]>? Of(string query) => query switch
    {
        "aggressor-imbalance" => AggressorImbalance(),
        "bars" => Bars(),
        "correlation-matrix" => CorrelationMatrix(),
        "daily-summary" => DailySummary(),
        "detection-scores" => DetectionScores(),
        "drawdown" => Drawdown(),
        "effective-spread" => EffectiveSpread(),
        "fat-finger" => FatFinger(),
        "halts" => Halts(),
        "implementation-shortfall" => ImplementationShortfall(),
        "lake-delay" => LakeDelay(),
        "markout" => Markout(),
        "order-flow-imbalance" => OrderFlowImbalance(),
        "quoted-spread" => QuotedSpread(),
        "realized-volatility" => RealizedVolatility(),
        "sequence-gaps" => SequenceGaps(),
        "spoofing" => Spoofing(),
        "top-movers" => TopMovers(),
        "twap" => Twap(),
        "volume-profile" => VolumeProfile(),
        "vpin" => Vpin(),
        "vwap" => Vwap(),
        _ => null,
    };

    public static long FloorTo(long value, long step) => value - ((((value % step) + step) % step));

    private IEnumerable<object?[]> Bars() => InIntervals(_trades, (key, start, trades) =>
    [
        .. key, start, PriceOf(trades[0]), trades.Max(PriceOf), trades.Min(PriceOf), PriceOf(trades[^1]), trades.Sum(SizeOf),
        Ratio(trades.Sum(Notional), trades.Sum(SizeOf)), (long)trades.Count,
    ]);

    private IEnumerable<object?[]> Vwap() => InIntervals(_trades, (key, start, trades) =>
        [.. key, start, Ratio(trades.Sum(Notional), trades.Sum(SizeOf)), trades.Sum(SizeOf), trades.Sum(Notional), (long)trades.Count]);

    private IEnumerable<object?[]> Twap() => InIntervals(_trades, (key, start, trades) =>
    {
        var weighted = 0m;
        for (var i = 0; i + 1 < trades.Count; i++)
            weighted += PriceOf(trades[i]) * (trades[i + 1].TsEvent - trades[i].TsEvent);
        var span = trades[^1].TsEvent - trades[0].TsEvent;
        return [.. key, start, Ratio(weighted, span) ?? PriceOf(trades[^1]), span / 1_000_000_000m, (long)trades.Count];
    });

    private IEnumerable<object?[]> RealizedVolatility() => InIntervals([.. _trades.Where(trade => trade.Trade.Price > 0)], (key, start, trades) =>
    {
        var closes = trades.GroupBy(trade => FloorTo(trade.TsEvent, Nanos("sample"))).Select(sample => (double)PriceOf(sample.Last())).ToList();
        var returns = closes.Zip(closes.Skip(1), (before, price) => (decimal)Math.Round(1e9 * Math.Log(price / before), MidpointRounding.AwayFromZero)).ToList();
        return
        [
            .. key, start, returns.Count == 0 ? null : Rounded((decimal)Math.Sqrt((double)returns.Sum(r => r * r)) / 1e9m), returns.Count == 0 ? null : returns.Max(Math.Abs) / 1e9m,
            (long)returns.Count,
        ];
    });

    private IEnumerable<object?[]> QuotedSpread() => InIntervals(_quotes, (key, start, quotes) =>
    {
        var spreads = new List<decimal>();
        var (weighted, weightedBps, time) = (0m, 0m, 0L);
        for (var i = 0; i < quotes.Count; i++)
        {
            if (quotes[i].Book is not { Bid: { } bid, Ask: { } ask })
                continue;
            var held = i + 1 < quotes.Count ? quotes[i + 1].TsEvent - quotes[i].TsEvent : 0;
            var spread = Exact(ask.Price - bid.Price);
            spreads.Add(spread);
            weighted += spread * held;
            weightedBps += Ratio(20_000 * spread, Exact(ask.Price) + Exact(bid.Price))!.Value * held;
            time += held;
        }

        return
        [
            .. key, start, Ratio(weighted, time), Ratio(weightedBps, time), spreads.Count == 0 ? null : spreads.Min(), spreads.Count == 0 ? null : spreads.Max(),
            (long)quotes.Count, (long)spreads.Count,
        ];
    });

    private IEnumerable<object?[]> EffectiveSpread() => InIntervals([.. _trades.Where(HasMid)], (key, start, trades) =>
    {
        var volume = trades.Sum(SizeOf);
        return
        [
            .. key, start, Ratio(trades.Sum(trade => Effective(trade) * SizeOf(trade)), volume),
            Ratio(trades.Sum(trade => Ratio(20_000 * Effective(trade), TwiceMid(trade))!.Value * SizeOf(trade)), volume),
            Ratio(trades.Sum(trade => Exact(trade.Book.Ask!.Value.Price - trade.Book.Bid!.Value.Price) * SizeOf(trade)), volume), volume, (long)trades.Count,
        ];

        static decimal Effective(Tick trade) => Direction(trade) * ((2 * PriceOf(trade)) - TwiceMid(trade));
    });

    private IEnumerable<object?[]> OrderFlowImbalance()
    {
        var flows = _quotes.GroupBy(quote => (quote.Symbol, quote.RunId, FloorTo(quote.TsEvent, UnixNanos.PerDay)))
            .SelectMany(day => day.Select((quote, i) => (quote, i)).Zip(day.Prepend(default), (now, before) => (now.quote, Flow: now.i == 0 ? 0 : Flow(before.Book, now.quote.Book))))
            .ToList();
        var flowOf = flows.GroupBy(flow => flow.quote).ToDictionary(flow => flow.Key, flow => new Queue<long>(flow.Select(f => f.Flow)));
        return InIntervals(_quotes, (key, start, quotes) =>
        {
            var mids = quotes.Where(quote => quote.Book is { Bid: not null, Ask: not null })
                .Select(quote => Ratio(Exact(quote.Book.Bid!.Value.Price) + Exact(quote.Book.Ask!.Value.Price), 2)!.Value).ToList();
            return [.. key, start, quotes.Sum(quote => flowOf[quote].Dequeue()), mids.Count == 0 ? null : mids[^1] - mids[0], (long)quotes.Count];
        });

        static long Flow(BestBidOffer before, BestBidOffer now) => Side(before.Bid, now.Bid, 1) - Side(before.Ask, now.Ask, -1);

        // A level that is better, or new, has brought its size; one that is worse, or gone, has taken its size away; one that stays did both.
        static long Side(BookLevel? before, BookLevel? now, int direction)
        {
            var better = before is null ? now is null ? 0 : 1 : now is null ? -1 : Math.Sign(now.Value.Price - before.Value.Price) * direction;
            return (better >= 0 ? now?.Size ?? 0 : 0) - (better <= 0 ? before?.Size ?? 0 : 0);
        }
    }

    private IEnumerable<object?[]> AggressorImbalance() => InIntervals([.. _trades.Where(HasAggressor)], (key, start, trades) =>
    {
        var (bought, sold) = (trades.Where(IsBuy).Sum(SizeOf), trades.Where(trade => !IsBuy(trade)).Sum(SizeOf));
        return [.. key, start, Ratio(bought - sold, bought + sold), bought, sold, (long)trades.Count(IsBuy), (long)trades.Count(trade => !IsBuy(trade))];
    });

    private IEnumerable<object?[]> Vpin()
    {
        foreach (var market in InMarkets(_trades.Where(HasAggressor)))
        {
            var buckets = new List<(long Bought, long Sold, long First, long Last, long Count)>();
            foreach (var day in market.Trades.GroupBy(trade => FloorTo(trade.TsEvent, UnixNanos.PerDay)))
            {
                var (total, before) = (day.Sum(SizeOf), 0L);
                foreach (var bucket in day.GroupBy(trade => Advance(trade) * Integer("buckets") / total).ToList())
                    buckets.Add((bucket.Where(IsBuy).Sum(SizeOf), bucket.Where(trade => !IsBuy(trade)).Sum(SizeOf), bucket.First().TsEvent, bucket.Last().TsEvent, bucket.Count()));

                long Advance(Tick trade) => (before += SizeOf(trade)) - SizeOf(trade);
            }

            for (var i = 0; i < buckets.Count; i++)
            {
                var window = buckets[Math.Max(0, i + 1 - Integer("window"))..(i + 1)];
                var (bought, sold, first, last, count) = buckets[i];
                yield return
                [
                    .. market.Key, Time(first), Time(last), Ratio(window.Sum(bucket => Math.Abs(bucket.Bought - bucket.Sold)), window.Sum(bucket => bucket.Bought + bucket.Sold)),
                    bought, sold, count,
                ];
            }
        }
    }

    private IEnumerable<object?[]> VolumeProfile()
    {
        var step = decimal.Parse(_given("step"), CultureInfo.InvariantCulture);
        return InMarkets(_trades).SelectMany(market => market.Trades.GroupBy(trade => decimal.Truncate(PriceOf(trade) / step) * step).OrderBy(level => level.Key)
            .Select(level => (object?[])
            [
                .. market.Key, level.Key, level.Sum(SizeOf), Ratio(level.Sum(SizeOf), market.Trades.Sum(SizeOf)), level.Where(IsBuy).Sum(SizeOf),
                level.Where(trade => trade.Trade.Side == Side.Ask).Sum(SizeOf), (long)level.Count(),
            ]));
    }

    private IEnumerable<object?[]> Drawdown()
    {
        foreach (var market in InMarkets(_trades.Where(trade => trade.Trade.Price > 0)))
        {
            var peak = market.Trades[0];
            (decimal Fall, Tick Peak, Tick Trough) worst = (-1, peak, peak);
            foreach (var trade in market.Trades)
            {
                if (trade.Trade.Price > peak.Trade.Price)
                    peak = trade;
                var fall = Ratio(PriceOf(peak) - PriceOf(trade), PriceOf(peak))!.Value;
                if (fall > worst.Fall)
                    worst = (fall, peak, trade);
            }

            yield return [.. market.Key, worst.Fall, PriceOf(worst.Peak), PriceOf(worst.Trough), Time(worst.Peak.TsEvent), Time(worst.Trough.TsEvent)];
        }
    }

    private IEnumerable<object?[]> Markout()
    {
        var moves = new List<(Tick Trade, decimal Twice)>();
        foreach (var trade in _trades.Where(HasMid))
        {
            var later = _quotes.LastOrDefault(quote => quote.Symbol == trade.Symbol && quote.RunId == trade.RunId && quote.TsEvent <= trade.TsEvent + Nanos("horizon"));
            if (later.Book is { Bid: { } bid, Ask: { } ask })
                moves.Add((trade, Direction(trade) * (Exact(bid.Price) + Exact(ask.Price) - TwiceMid(trade))));
        }

        return moves.GroupBy(move => (move.Trade.Symbol, move.Trade.RunId, Side: TickNames.Of(move.Trade.Trade.Side)))
            .OrderBy(group => group.Key.Symbol, StringComparer.Ordinal).ThenBy(group => group.Key.RunId, StringComparer.Ordinal).ThenBy(group => group.Key.Side, StringComparer.Ordinal)
            .Select(group =>
            {
                var volume = group.Sum(move => SizeOf(move.Trade));
                return (object?[])
                [
                    group.Key.Symbol, group.Key.RunId, group.Key.Side, Ratio(group.Sum(move => move.Twice * SizeOf(move.Trade)), 2 * volume),
                    Ratio(group.Sum(move => Ratio(10_000 * move.Twice, TwiceMid(move.Trade))!.Value * SizeOf(move.Trade)), volume), volume, (long)group.Count(),
                ];
            });
    }

    private IEnumerable<object?[]> ImplementationShortfall() => InIntervals(
        [.. _trades.Where(trade => HasMid(trade) && (_given("aggressor") == All || TickNames.Of(trade.Trade.Aggressor) == _given("aggressor")))], (key, start, trades) => [.. key, start, trades])
        .SelectMany(row => ((List<Tick>)row[3]!).GroupBy(trade => TickNames.Of(trade.Trade.Side)).OrderBy(side => side.Key, StringComparer.Ordinal).Select(side =>
        {
            var (arrival, notional, volume) = (TwiceMid(side.First()), side.Sum(Notional), side.Sum(SizeOf));
            return (object?[])
            [
                .. row[..3], side.Key, Ratio(arrival, 2), Ratio(notional, volume), Ratio(10_000 * (side.Key == "B" ? 1 : -1) * ((2 * notional) - (arrival * volume)), arrival * volume),
                volume, (long)side.Count(),
            ];
        }));

    private IEnumerable<object?[]> TopMovers() => InMarkets(_trades.Where(trade => trade.Trade.Price > 0))
        .Select(market => (market, Change: Ratio(PriceOf(market.Trades[^1]) - PriceOf(market.Trades[0]), PriceOf(market.Trades[0]))!.Value))
        .OrderByDescending(move => Math.Abs(move.Change)).Take(Integer("limit"))
        .Select(move => (object?[])
            [.. move.market.Key, move.Change, PriceOf(move.market.Trades[0]), PriceOf(move.market.Trades[^1]), move.market.Trades.Sum(SizeOf), (long)move.market.Trades.Count]);

    private IEnumerable<object?[]> Halts()
    {
        foreach (var market in InMarkets(_status))
        {
            for (var i = 0; i < market.Trades.Count; i++)
            {
                var halt = market.Trades[i];
                if (halt.Status.Action != StatusAction.Halt)
                    continue;
                var end = market.Trades.Skip(i + 1).Where(status => status.Status.Action != StatusAction.Halt).Select(status => (long?)status.TsEvent).FirstOrDefault();
                yield return
                [
                    .. market.Key, Time(halt.TsEvent), end is { } ended ? Time(ended) : null, end is { } until ? (until - halt.TsEvent) / 1_000_000 : null, halt.Status.Reason,
                    halt.Status.LimitUp is { } up ? Exact(up) : null, halt.Status.LimitDown is { } down ? Exact(down) : null,
                ];
            }
        }
    }

    private IEnumerable<object?[]> CorrelationMatrix()
    {
        var sample = Nanos("sample");
        var returns = InMarkets(_trades.Where(trade => trade.Trade.Price > 0)).Select(market =>
        {
            var closes = market.Trades.GroupBy(trade => FloorTo(trade.TsEvent, sample)).Select(bucket => (At: bucket.Key, Price: (double)PriceOf(bucket.Last()))).ToList();
            return (market.Key, Returns: closes.Zip(closes.Skip(1)).Where(pair => pair.Second.At - pair.First.At == sample)
                .ToDictionary(pair => pair.Second.At, pair => Math.Round(1e9 * Math.Log(pair.Second.Price / pair.First.Price), MidpointRounding.AwayFromZero)));
        }).ToList();
        return returns.SelectMany(x => returns.Where(y => Equals(x.Key[1], y.Key[1]) && string.CompareOrdinal((string)x.Key[0]!, (string)y.Key[0]!) < 0).Select(y =>
        {
            var both = x.Returns.Keys.Intersect(y.Returns.Keys).ToList();
            if (both.Count == 0)
                return [];
            var (meanX, meanY) = (both.Average(at => x.Returns[at]), both.Average(at => y.Returns[at]));
            var (xx, yy) = (both.Sum(at => Math.Pow(x.Returns[at] - meanX, 2)), both.Sum(at => Math.Pow(y.Returns[at] - meanY, 2)));
            var xy = both.Sum(at => (x.Returns[at] - meanX) * (y.Returns[at] - meanY));
            return (object?[])[x.Key[0], y.Key[0], x.Key[1], both.Count == 1 || xx == 0 || yy == 0 ? null : Rounded((decimal)(xy / Math.Sqrt(xx * yy))), (long)both.Count];
        })).Where(row => row.Length > 0).OrderBy(row => (string)row[0]!, StringComparer.Ordinal).ThenBy(row => (string)row[1]!, StringComparer.Ordinal).ThenBy(row => (string)row[2]!, StringComparer.Ordinal);
    }

    private List<object?[]> SequenceGaps()
    {
        var rows = new List<object?[]>();
        foreach (var market in InMarkets(_all.Where(tick => tick.RunId.Length > 0 && tick.Sequence is not null).OrderBy(tick => tick.Sequence).ThenBy(tick => tick.TsEvent)))
        {
            Tick? before = null;
            var expected = _given("from") == All ? 1 : market.Trades[0].Sequence!.Value;
            foreach (var tick in market.Trades)
            {
                var sequence = tick.Sequence!.Value;
                var at = before is { } last ? Time(last.TsEvent) : (object?)null;
                if (sequence < expected)
                    rows.Add([.. market.Key, "repeat", sequence, sequence, 0L, at, Time(tick.TsEvent)]);
                else if (sequence > expected)
                    rows.Add([.. market.Key, "gap", expected, sequence - 1, sequence - expected, at, Time(tick.TsEvent)]);
                expected = sequence + 1;
                before = tick;
            }
        }

        return rows;
    }

    private IEnumerable<object?[]> LakeDelay() => InMarkets(_all).Select(market =>
    {
        var newest = market.Trades.Max(tick => tick.TsEvent);
        var asked = _given("at") == All ? _all.Where(tick => Equals(tick.RunId, market.Key[1])).Max(tick => tick.TsEvent) : Instant(_given("at"));
        return (object?[])[.. market.Key, Time(newest), (asked - newest) / 1_000_000, (long)market.Trades.Count];
    });

    private IEnumerable<object?[]> FatFinger()
    {
        var (threshold, window) = (decimal.Parse(_given("deviation"), CultureInfo.InvariantCulture), Integer("window"));
        var (factor, usual) = (decimal.Parse(_given("factor"), CultureInfo.InvariantCulture), Integer("usual"));
        foreach (var market in InMarkets(_trades))
        {
            // Sweeps are in the order of their first trades, and so are groups.
            var sweeps = market.Trades.GroupBy(trade => (trade.TsEvent, trade.Trade.Side)).Select(sweep => sweep.ToList()).ToList();
            for (var i = 1; i + 1 < sweeps.Count; i++)
            {
                var before = Average(sweeps[Math.Max(0, i - window)..i]);
                var behind = Average(sweeps[(i + 1)..Math.Min(sweeps.Count, i + 1 + window)]);
                var (high, low) = (sweeps[i].Max(PriceOf), sweeps[i].Min(PriceOf));
                var price = high - before >= before - low ? high : low;
                var volumes = sweeps[Math.Max(0, i - usual)..i].Select(sweep => sweep.Sum(SizeOf)).ToList();
                if (sweeps[i].Sum(SizeOf) * volumes.Count < factor * volumes.Sum())
                    continue;
                if (before <= 0 || Math.Abs(price - before) < before * threshold || 2 * Math.Abs(behind - before) >= Math.Abs(price - before))
                    continue;
                yield return
                [
                    .. market.Key, Time(sweeps[i][0].TsEvent), sweeps[i][0].TsEvent, TickNames.Of(sweeps[i][0].Trade.Side), price, before, behind, Ratio(price - before, before),
                    sweeps[i].Sum(SizeOf), Ratio(volumes.Sum(), volumes.Count), (long)sweeps[i].Count,
                ];
            }
        }

        static decimal Average(List<List<Tick>> sweeps) => Ratio(sweeps.Sum(sweep => PriceOf(sweep[^1])), sweeps.Count)!.Value;
    }

    private IEnumerable<object?[]> Spoofing()
    {
        var (factor, executable) = (decimal.Parse(_given("factor"), CultureInfo.InvariantCulture), decimal.Parse(_given("executed"), CultureInfo.InvariantCulture));
        foreach (var market in InMarkets(_quotes))
        {
            var found = new List<(string Side, long Shown, long Gone, long Size, decimal Usual, long Executed, long Opposite)>();
            var trades = _trades.Where(trade => Equals(trade.Symbol, market.Key[0]) && Equals(trade.RunId, market.Key[1])).ToList();
            foreach (var (side, better, against, other) in new[] { ("ask", -1, Side.Bid, Side.Ask), ("bid", 1, Side.Ask, Side.Bid) })
            {
                var levels = market.Trades.Select(quote => (quote.TsEvent, quote.Sequence, Level: side == "bid" ? quote.Book.Bid : quote.Book.Ask))
                    .OrderBy(level => level.TsEvent).ThenBy(level => level.Sequence ?? long.MaxValue).ThenBy(level => level.Level?.Price ?? long.MaxValue).ThenBy(level => level.Level?.Size ?? long.MaxValue);
                var episodes = new List<(long Shown, long? Price, long? First, long? Last, long? Largest)>();
                foreach (var (at, _, level) in levels)
                {
                    if (episodes.Count > 0 && episodes[^1] is var now && level is { } stays && now.Price == stays.Price && 2 * stays.Size >= now.Last && stays.Size <= 2 * now.Last)
                        episodes[^1] = now with { Last = stays.Size, Largest = Math.Max(now.Largest!.Value, stays.Size) };
                    else
                        episodes.Add((at, level?.Price, level?.Size, level?.Size, level?.Size));
                }

                for (var i = 0; i + 1 < episodes.Count; i++)
                {
                    var (shown, price, _, _, size) = episodes[i];
                    var next = episodes[i + 1];
                    var past = episodes[Math.Max(0, i - Integer("window"))..i].Where(episode => episode.Largest is not null).Select(episode => episode.Largest!.Value).ToList();
                    var isGone = next.Price is null || better * next.Price < better * price || (next.Price == price && next.First < size);
                    if (size is null || past.Count == 0 || size < factor * past.Sum() / past.Count || next.Shown - shown > Nanos("within") || !isGone)
                        continue;
                    var meanwhile = trades.Where(trade => trade.TsEvent >= shown && trade.TsEvent <= next.Shown + Nanos("within")).ToList();
                    var executed = meanwhile.Where(trade => trade.Trade.Side == against && trade.Trade.Price == price && trade.TsEvent <= next.Shown).Sum(SizeOf);
                    var opposite = meanwhile.Where(trade => trade.Trade.Side == other).Sum(SizeOf);
                    if (opposite > 0 && executed <= executable * size)
                        found.Add((side, shown, next.Shown, size.Value, Ratio(past.Sum(), past.Count)!.Value, executed, opposite));
                }
            }

            var byTime = found.OrderBy(one => one.Shown).ToList();
            for (var (i, end) = (0, 0); i < byTime.Count; i = end)
            {
                for (end = i + 1; end < byTime.Count && byTime[end].Shown - byTime[end - 1].Shown <= Nanos("apart"); end++)
                {
                }

                var bout = byTime[i..end];
                if (bout.Count < Integer("episodes"))
                    continue;
                var (began, ended) = (bout[0].Shown, bout.Max(one => one.Gone));
                var bids = (long)bout.Count(one => one.Side == "bid");
                yield return
                [
                    .. market.Key, Time(began), began, Time(ended), ended, bids, bout.Count - bids, bout.Max(one => one.Size), bout.Max(one => one.Usual),
                    bout.Sum(one => one.Executed), bout.Sum(one => one.Opposite),
                ];
            }
        }
    }

    private IEnumerable<object?[]> DetectionScores()
    {
        foreach (var run in _truths.Select(truth => truth.RunId).Distinct().Order(StringComparer.Ordinal))
        {
            foreach (var (kind, name, from, to) in new[] { (TruthKind.FatFinger, "fat-finger", 3, 3), (TruthKind.Spoofing, "spoofing", 3, 5) })
            {
                var query = QueryLibrary.Shipped.Find(name);
                var plain = new PlainAnswers(_ticks, [], p => query.Parameters.Single(own => own.Name == p) is var own && SqlTemplate.Selection.Contains(own) ? _given(p) : own.Default!);
                var findings = plain.Of(name)!.Where(row => Equals(row[1], run)).ToList();
                var injected = _truths.Where(truth => truth.RunId == run && truth.Truth!.Kind == kind).ToList();
                var found = (long)injected.Count(truth => findings.Exists(row => Overlaps(truth, row)));
                var hits = (long)findings.Count(row => injected.Exists(truth => Overlaps(truth, row)));
                yield return
                [
                    run, name, (long)injected.Count, found, injected.Count - found, (long)findings.Count, findings.Count - hits, Ratio(hits, findings.Count), Ratio(found, injected.Count),
                ];

                bool Overlaps(Tick truth, object?[] row) => Equals(row[0], truth.Symbol) && (long)row[from]! <= truth.TsEvent && (long)row[to]! >= truth.Truth!.Began;
            }
        }
    }

    private IEnumerable<object?[]> DailySummary() => _all.Where(tick => tick.Kind != TickKind.Bar)
        .GroupBy(tick => (Day: UnixNanos.ToDate(tick.TsEvent).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), tick.Symbol, tick.RunId))
        .OrderBy(day => day.Key.Day, StringComparer.Ordinal).ThenBy(day => day.Key.Symbol, StringComparer.Ordinal).ThenBy(day => day.Key.RunId, StringComparer.Ordinal)
        .Select(day =>
        {
            var trades = _trades.Where(trade => trade.Symbol == day.Key.Symbol && trade.RunId == day.Key.RunId && day.Key.Day == UnixNanos.ToDate(trade.TsEvent).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToList();
            object?[] prices = trades.Count == 0 ? [null, null, null, null, null]
                : [PriceOf(trades[0]), trades.Max(PriceOf), trades.Min(PriceOf), PriceOf(trades[^1]), Ratio(trades.Sum(Notional), trades.Sum(SizeOf))];
            return (object?[])
            [
                day.Key.Day, day.Key.Symbol, day.Key.RunId, .. prices, trades.Sum(SizeOf), (long)trades.Count, (long)day.Count(tick => tick.Kind == TickKind.Quote),
                (long)day.Count(tick => tick is { Kind: TickKind.Status, Status.Action: StatusAction.Halt }),
            ];
        });

    private IEnumerable<object?[]> InIntervals(List<Tick> ticks, Func<object?[], object?, List<Tick>, object?[]> answer) => InMarkets(ticks).SelectMany(market => market.Trades
        .GroupBy(tick => FloorTo(tick.TsEvent, Nanos("interval"))).Select(interval => answer(market.Key, Time(interval.Key), [.. interval])));

    private static IEnumerable<(object?[] Key, List<Tick> Trades)> InMarkets(IEnumerable<Tick> ticks) => ticks.GroupBy(tick => (tick.Symbol, tick.RunId))
        .OrderBy(group => group.Key.Symbol, StringComparer.Ordinal).ThenBy(group => group.Key.RunId, StringComparer.Ordinal)
        .Select(group => (new object?[] { group.Key.Symbol, group.Key.RunId }, group.ToList()));

    private static bool HasAggressor(Tick trade) => trade.Trade.Side != Side.None;

    private static bool HasMid(Tick trade) => HasAggressor(trade) && trade.Book is { Bid: not null, Ask: not null };

    private static bool IsBuy(Tick trade) => trade.Trade.Side == Side.Bid;

    private static int Direction(Tick trade) => IsBuy(trade) ? 1 : -1;

    private static decimal TwiceMid(Tick tick) => Exact(tick.Book.Bid!.Value.Price) + Exact(tick.Book.Ask!.Value.Price);

    private static decimal PriceOf(Tick trade) => Exact(trade.Trade.Price);

    private static long SizeOf(Tick trade) => trade.Trade.Size;

    private static decimal Notional(Tick trade) => PriceOf(trade) * SizeOf(trade);

    private static decimal Exact(long price) => Price.ToDecimal(price);

    private static decimal Rounded(decimal value) => Math.Round(value, 9, MidpointRounding.AwayFromZero);

    // Integers, so that no digit is lost before the one rounding.
    private static decimal? Ratio(decimal a, decimal b)
    {
        if (b == 0)
            return null;
        var (dividend, divisor) = (new BigInteger(a * 1_000_000_000m) * 1_000_000_000, new BigInteger(b * 1_000_000_000m));
        var half = BigInteger.Divide((2 * BigInteger.Abs(dividend)) + BigInteger.Abs(divisor), 2 * BigInteger.Abs(divisor));
        return (decimal)(half * dividend.Sign * divisor.Sign) / 1_000_000_000m;
    }

    private static DateTime Time(long nanos) => DateTime.UnixEpoch.AddTicks(FloorTo(nanos, 1_000_000) / 100);

    private static long Instant(string text) => UnixNanos.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private int Integer(string parameter) => int.Parse(_given(parameter), CultureInfo.InvariantCulture);

    private long Nanos(string parameter)
    {
        var text = _given(parameter);
        var unit = text.TrimStart([.. "0123456789"]);
        var nanos = unit switch { "ms" => 1_000_000, "s" => UnixNanos.PerSecond, "m" => 60 * UnixNanos.PerSecond, "h" => UnixNanos.PerHour, _ => UnixNanos.PerDay };
        return long.Parse(text.AsSpan(0, text.Length - unit.Length), CultureInfo.InvariantCulture) * nanos;
    }
}

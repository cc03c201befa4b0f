using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>An anomaly of a scenario as it befalls one symbol on one day: a trader, or a fault of the feed, that acts at times of its own.</summary>
internal sealed class Incident : Trader
{
    /// <summary>Where the streams of anomalies are, away from those of traders.</summary>
    private const int Streams = -10;

    private const int Layers = 4;
    private const double LayerBp = 3;
    private const int ActionsOfEpisode = 12;
    private const int CrashActionsPerSecond = 4;

    private readonly Anomaly _anomaly;
    private readonly long _end;
    private Side _side;
    private int _actions;
    private long? _began;
    private long _hidden;
    private long _size;
    private int _orders;
    private Fills _fills;

    private Incident(int number, Anomaly anomaly, RandomStream random, long begin)
        : base(number, anomaly.Kind == AnomalyKind.FlashCrash ? AgentClass.Institution : AgentClass.Noise, random, Layers)
    {
        _anomaly = anomaly;
        Due = begin;
        Begin = begin;
        _end = anomaly.Kind == AnomalyKind.FatFinger ? long.MaxValue : begin + (long)(anomaly.Seconds * UnixNanos.PerSecond);
        _side = anomaly.Kind == AnomalyKind.FlashCrash ? Side.Ask : Toss();
    }

    /// <summary>What it is.</summary>
    public AnomalyKind Kind => _anomaly.Kind;

    /// <summary>When it begins.</summary>
    public long Begin { get; }

    /// <summary>When it acts next; <see cref="long.MaxValue"/> when it is over.</summary>
    public long Due { get; private set; }

    /// <summary>What befalls a symbol on a day: a function of seed, symbol and day.</summary>
    /// <param name="spec">The symbol.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="day">The day.</param>
    /// <param name="number">The first of their numbers as traders.</param>
    public static IEnumerable<Incident> Of(MarketSpec spec, long seed, TradingDay day, int number)
    {
        foreach (var (anomaly, i) in spec.Scenario.Anomalies.Select((anomaly, i) => (anomaly, i)))
        {
            var random = new RandomStream(seed, spec.Symbol, day.Date, Streams - i);
            var begin = UnixNanos.From(day.Date) + UnixNanos.Of(anomaly.From.ToTimeSpan());
            if (anomaly.To is { } to)
                begin += (long)(random.Uniform() * (to - anomaly.From).Ticks) * 100;
            if (random.Chance(anomaly.Probability) && (anomaly.Symbol == "*" || anomaly.Symbol == spec.Symbol) && (anomaly.Date ?? day.Date) == day.Date
                && begin >= day.Open && begin < day.Close)
            {
                yield return new Incident(number++, anomaly, random, begin);
            }
        }
    }

    public override void Act(MarketFloor floor)
    {
        var isOver = floor.Time >= _end;
        if (_began is null)
            (_began, _hidden) = (floor.Time, floor.Hidden);
        switch (Kind)
        {
            case AnomalyKind.FatFinger:
                if (_orders == 0)
                    Sweep(floor, (long)_anomaly.Lots * floor.Lot);

                // Before an auction it waits, and nobody knows yet what comes of it.
                isOver = !floor.IsCall;
                break;
            case AnomalyKind.FeedGap:
                floor.IsSilent = !isOver;
                break;
            case AnomalyKind.FlashCrash:
                floor.IsAbandoned = !isOver;
                if (!isOver)
                    Sweep(floor, Math.Max(1, _anomaly.Lots / CrashActionsPerSecond) * floor.Lot);
                break;
            case AnomalyKind.Spoofing when isOver:
                CancelAll(floor);
                break;
            default:
                Spoof(floor);
                break;
        }

        if (isOver)
            Tell(floor);
        Due = isOver ? long.MaxValue : Math.Min(_end, floor.Time + Pause());
    }

    public override void Traded(MarketFloor floor, long size)
    {
        base.Traded(floor, size);
        _fills.Add(Math.Abs(size), floor.Last);
    }

    public override void EndDay(MarketFloor floor)
    {
        if (_began is not null && Due != long.MaxValue)
            Tell(floor);
    }

    /// <summary>It has a time of its own, and is nobody who gathers with the others.</summary>
    public override void ActInCall(MarketFloor floor)
    {
    }

    /// <summary>Layers on one side for an episode, small trades on the other; then the layers go, and the sides change.</summary>
    private void Spoof(MarketFloor floor)
    {
        if (++_actions % ActionsOfEpisode == 0)
        {
            CancelAll(floor);
            _side = _side == Side.Bid ? Side.Ask : Side.Bid;
        }
        else if (_actions % ActionsOfEpisode > ActionsOfEpisode / 2)
        {
            var other = _side == Side.Bid ? Side.Ask : Side.Bid;
            TakeAtTouch(floor, other, (1 + Random.Below(3)) * floor.Lot);
        }
        else
        {
            // Anew at each action, so that they never come near enough to be met.
            CancelAll(floor);
            for (var i = 1; i <= Layers; i++)
            {
                var distance = 1 + (long)(floor.Ticks(LayerBp) * i);
                Stand(floor, _side, _side == Side.Bid ? floor.Bid - distance : floor.Ask + distance, (long)_anomaly.Lots * floor.Lot);
                _size += (long)_anomaly.Lots * floor.Lot;
                _orders++;
            }
        }
    }

    private void Sweep(MarketFloor floor, long size)
    {
        floor.Market(this, _side, size);
        _size += size;
        _orders++;
    }

    private void Tell(MarketFloor floor)
    {
        if (Kind == AnomalyKind.FeedGap)
            floor.TellGap(_began!.Value, floor.Hidden - _hidden);
        else
            floor.Tell(TruthOf(Kind), _began!.Value, Kind == AnomalyKind.Spoofing ? Side.None : _side, _size, _fills, _orders);
    }

    private static TruthKind TruthOf(AnomalyKind kind) => kind switch
    {
        AnomalyKind.FatFinger => TruthKind.FatFinger,
        AnomalyKind.Spoofing => TruthKind.Spoofing,
        _ => TruthKind.FlashCrash,
    };

    private long Pause() => Kind switch
    {
        AnomalyKind.FlashCrash => UnixNanos.PerSecond / CrashActionsPerSecond,
        AnomalyKind.Spoofing => (UnixNanos.PerSecond / 4) + Random.Exponential(UnixNanos.PerSecond / 2),
        AnomalyKind.FatFinger => UnixNanos.PerSecond,
        _ => long.MaxValue / 2,
    };
}

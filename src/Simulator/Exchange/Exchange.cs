using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// A scenario's markets without clock, log or actors: <c>new Exchange(scenario, seed).Run(day)</c> yields the ticks of a day. Not thread-safe; exchanges
/// do not know of each other.
/// </summary>
public sealed class Exchange
{
    private const long Step = 60 * UnixNanos.PerSecond;

    private readonly long _seed;
    private readonly string _runId;
    private readonly MarketPosition[] _positions;
    private TradingDay? _last;
    private bool _isRunning;

    /// <summary>Makes an exchange before its first day.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="seed">All ticks follow from it, the scenario and the days.</param>
    /// <param name="symbols">How many symbols; those that the scenario describes, or 20, where <c>null</c>.</param>
    /// <param name="runId">What the ticks say of their run.</param>
    /// <exception cref="ScenarioException">The scenario has not so many symbols.</exception>
    public Exchange(Scenario scenario, long seed, int? symbols = null, string runId = "")
        : this(scenario.Markets(symbols ?? (scenario.Symbols.Count > 0 ? scenario.Symbols.Count : DefaultSymbols)), seed, runId)
    {
    }

    /// <summary>Makes an exchange of some markets before its first day.</summary>
    /// <param name="markets">The markets.</param>
    /// <param name="seed">All ticks follow from it, the markets and the days.</param>
    /// <param name="runId">What the ticks say of their run.</param>
    public Exchange(IReadOnlyList<MarketSpec> markets, long seed, string runId = "")
    {
        (_seed, _runId) = (seed, runId);
        (Markets, _positions) = (markets, AtFirstOpen(markets));
    }

    /// <summary>How many symbols there are where nobody says.</summary>
    public const int DefaultSymbols = 20;

    /// <summary>The markets, in the order in which ticks of one instant come.</summary>
    public IReadOnlyList<MarketSpec> Markets { get; private init; }

    /// <summary>
    /// Takes what is really so and no tick says (values, anomalies, metaorders): records of kind <see cref="TickKind.Truth"/>, among the ticks in their order as a day
    /// is read. <c>null</c> where nobody asks; the ticks are the same.
    /// </summary>
    public Action<Tick>? Truth
    {
        get;
        init
        {
            field = value;
            Markets = [.. Markets.Select(market => market with { TellsTruth = value is not null })];
            _positions = AtFirstOpen(Markets);
        }
    }

    /// <summary>Executions, new orders, replacements and cancels so far.</summary>
    public long BookEvents { get; private set; }

    /// <summary>Runs a day: the first one from the start prices, each next one from the closes of the one before.</summary>
    /// <param name="day">A day after the last one.</param>
    /// <returns>The day's ticks by time; those of one instant by market, those of one market by sequence. To be read to the end, once.</returns>
    /// <exception cref="InvalidOperationException">The day is not after the last one, or that has not been read to its end.</exception>
    public IEnumerable<Tick> Run(TradingDay day)
    {
        if (_isRunning || day.Date <= _last?.Date)
        {
            throw new InvalidOperationException(
                $"The exchange cannot run {day.Date:yyyy-MM-dd}: {(_isRunning ? "the day before has not been read to its end" : $"it has come to {_last!.Value.Date:yyyy-MM-dd}")}.");
        }

        _isRunning = true;
        return Ticks(day);
    }

    private static MarketPosition[] AtFirstOpen(IReadOnlyList<MarketSpec> markets) => [.. markets.Select(spec => spec.AtFirstOpen)];

    private IEnumerable<Tick> Ticks(TradingDay day)
    {
        var engines = Markets.Zip(_positions, (spec, position) => new MarketEngine(spec, _runId, _seed, day, position)).ToArray();
        var buffers = engines.Select(_ => new TickBuffer()).ToArray();
        var read = new int[engines.Length];
        var heads = new PriorityQueue<int, (long Time, int Market)>(engines.Length);
        for (var until = day.Open + Step; until - Step < day.Close; until += Step)
        {
            for (var i = 0; i < engines.Length; i++)
            {
                read[i] = 0;
                buffers[i].Clear();
                engines[i].Advance(until, buffers[i]);
                if (buffers[i].Count > 0)
                    heads.Enqueue(i, (buffers[i].Ticks[0].TsEvent, i));
            }

            while (heads.TryPeek(out var market, out _))
            {
                var tick = buffers[market].Ticks[read[market]];
                if (Truth is null || TickFeeds.Of(tick.Kind) != TickFeed.Truth)
                    yield return tick;
                else if (tick.Kind == TickKind.Truth)
                    Truth(tick);
                if (++read[market] < buffers[market].Count)
                    heads.DequeueEnqueue(market, (buffers[market].Ticks[read[market]].TsEvent, market));
                else
                    heads.Dequeue();
            }
        }

        for (var i = 0; i < engines.Length; i++)
        {
            _positions[i] = engines[i].NextDay();
            BookEvents += engines[i].BookEvents;
            buffers[i].Dispose();
        }

        (_last, _isRunning) = (day, false);
    }
}

using StockActors.Market;

namespace StockActors.Simulator.Facts;

/// <summary>
/// Reduces the ticks of one symbol's day to what the stylized facts need. The continuous session is what status records say it is: it begins with the first
/// <see cref="StatusAction.Open"/> and ends with the day's close or the last auction call; a minute in which trading stood still has no return. Not thread-safe.
/// </summary>
public sealed class DayRecorder
{
    private const long Minute = 60 * UnixNanos.PerSecond;

    /// <summary>The lags, in market orders, at which the signs' autocorrelation is measured: six an octave at most, to 512.</summary>
    internal static readonly int[] SignLags = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512];

    private readonly string _symbol;
    private readonly List<double> _mids = [];
    private readonly List<double> _returns = [];
    private readonly List<double> _volumes = [];
    private readonly List<double> _imbalances = [];
    private readonly List<double> _bidSizes = [];
    private readonly List<double> _askSizes = [];
    private readonly List<double> _signs = [];
    private readonly double[] _impact = new double[PriceImpact.Sums];
    private readonly List<(long Time, Status Status)> _states = [];
    private readonly List<(long Time, double Price, long Size)> _auctions = [];

    private OrderFlowImbalance _flow;
    private BestBidOffer _book;
    private double _mid = double.NaN;
    private long _start = -1;
    private bool _trading;
    private bool _stoodStill;
    private double _minuteOpened = double.NaN;
    private double _volume;
    private double _imbalance;

    private long _orderTime;
    private Side _orderSide;
    private long _orderSize;
    private double _midBeforeOrder;

    /// <summary>Begins a day.</summary>
    /// <param name="symbol">The symbol; ticks of others are refused.</param>
    public DayRecorder(string symbol) => _symbol = symbol;

    /// <summary>Takes the day's next tick.</summary>
    /// <exception cref="ArgumentException">It is another symbol's.</exception>
    public void Add(in Tick tick)
    {
        if (tick.Symbol != _symbol)
            throw new ArgumentException($"A tick of {tick.Symbol} has no place in a day of {_symbol}.", nameof(tick));
        EndMinutes(tick.TsEvent);
        switch (tick.Kind)
        {
            case TickKind.Quote:
                Quote(tick.Book);
                break;
            case TickKind.Trade when tick.Trade.Side == Side.None:
                _auctions.Add((tick.TsEvent, InCurrency(tick.Trade.Price), tick.Trade.Size));
                break;
            case TickKind.Trade:
                Trade(tick.TsEvent, tick.Trade);
                break;
            case TickKind.Status:
                State(tick.TsEvent, tick.Status);
                break;
        }
    }

    /// <summary>The day, once its last tick was added; <c>null</c> where it was never open for a whole minute.</summary>
    public SymbolDay? Finish()
    {
        EndOrder();
        return _returns.Count == 0 ? null : new SymbolDay
        {
            Symbol = _symbol,
            Date = UnixNanos.ToDate(_start),
            Start = _start,
            Mid = [.. _mids],
            Return = [.. _returns],
            Volume = [.. _volumes],
            Imbalance = [.. _imbalances],
            BidSize = [.. _bidSizes],
            AskSize = [.. _askSizes],
            SignSums = Autocorrelation.SumsOf(_signs.ToArray(), SignLags),
            ImpactSums = _impact,
            States = _states,
            Auctions = _auctions,
        };
    }

    private void State(long time, Status status)
    {
        // A day closes on the last nanosecond of its last minute, which was traded through nevertheless.
        if (status.Action == StatusAction.Close)
            EndMinutes(time + 1);
        _states.Add((time, status));
        var trading = status.IsTrading ?? status.Action is StatusAction.Open or StatusAction.Resume;
        if (trading && _start < 0)
            _start = time;
        if (!trading)
            EndOrder();
        _trading = trading;
        _stoodStill |= !trading && _start >= 0;
        _flow = default;
    }

    private void Quote(BestBidOffer book)
    {
        _book = book;
        _mid = book is { Bid: { } bid, Ask: { } ask } ? (InCurrency(bid.Price) + InCurrency(ask.Price)) / 2 : double.NaN;
        if (!_trading)
            return;
        _imbalance += _flow.Add(book);
        if (_returns.Count == 0 && double.IsNaN(_minuteOpened))
            _minuteOpened = _mid;
    }

    private void Trade(long time, Trade trade)
    {
        if (!_trading)
            return;
        _volume += trade.Size;

        // What one market order takes from several that stand is several trades at one instant.
        if (_orderSize > 0 && _orderTime == time && _orderSide == trade.Side)
        {
            _orderSize += trade.Size;
            return;
        }

        EndOrder();
        (_orderTime, _orderSide, _orderSize, _midBeforeOrder) = (time, trade.Side, trade.Size, _mid);
    }

    private void EndOrder()
    {
        if (_orderSize == 0)
            return;
        var sign = _orderSide == Side.Bid ? 1 : -1;
        _signs.Add(sign);
        var moved = Math.Log(_mid / _midBeforeOrder);
        if (!double.IsNaN(moved))
            PriceImpact.Add(_impact, _orderSize, sign * moved);
        _orderSize = 0;
    }

    private void EndMinutes(long time)
    {
        if (_start < 0)
            return;
        for (var end = _start + ((_returns.Count + 1) * Minute); time >= end; end += Minute)
        {
            // After the close there are no more minutes, and those of the closing auction are none of the session.
            if (_states is [.., { Status.Action: StatusAction.Close }] && !_trading)
                return;
            _returns.Add(_stoodStill ? double.NaN : Math.Log(_mid / _minuteOpened));
            _mids.Add(_mid);
            _volumes.Add(_volume);
            _imbalances.Add(_imbalance);
            _bidSizes.Add(_book.Bid?.Size ?? 0);
            _askSizes.Add(_book.Ask?.Size ?? 0);
            (_volume, _imbalance, _minuteOpened, _stoodStill) = (0, 0, _mid, !_trading);
        }
    }

    private static double InCurrency(long price) => price / (double)Price.One;
}

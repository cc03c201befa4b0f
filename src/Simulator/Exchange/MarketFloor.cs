using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// Where the traders of one market meet on one day: what they can see, and what they can do; and the exchange's day, which goes from one phase to the
/// next. Everything is in price ticks.
/// </summary>
internal sealed class MarketFloor
{
    private const string Schedule = "schedule";
    private const string Opening = "opening";
    private const string Closing = "closing";
    private const string LimitUp = "limit-up";
    private const string LimitDown = "limit-down";
    private const string Reopening = "reopening";

    private readonly MarketSpec _spec;
    private readonly MarketTape _tape;
    private readonly TradingDay _day;
    private readonly Fundamental _fundamental;
    private readonly PriceBands _bands;
    private readonly PriceGrid _grid;
    private readonly OrderBook _book;
    private readonly List<Trader> _traders = [];
    private Phase _phase;
    private long _phaseDue;
    private long _limitDue = long.MaxValue;
    private readonly long _lowest;
    private readonly long _highest;
    private long _nextOrder;
    private PriceLevel _bid;
    private PriceLevel _ask;
    private PriceLevel _quotedBid;
    private PriceLevel _quotedAsk;

    /// <summary>An order met others of its owner: what it trades with next stands in another book than was quoted.</summary>
    private bool _hasCancelled;

    /// <summary>The order that is being replaced, as it stood: it is told as modified, or where it trades, as cancelled and what is left of it as added.</summary>
    private StandingOrder _replaced;

    public MarketFloor(MarketSpec spec, MarketTape tape, TradingDay day, Fundamental fundamental, long previousClose)
    {
        (_spec, _tape, _day, _fundamental) = (spec, tape, day, fundamental);
        _grid = spec.Grid;
        (_lowest, _highest) = (_grid.AtOrAbove(0), _grid.AtOrBelow(Price.Max / spec.TickSize));
        _book = new OrderBook(grid: _grid);
        _bands = new PriceBands(spec.Volatility.BandPercent, _grid);
        _phaseDue = day.Open;
        Last = previousClose / spec.TickSize;
        SeeBook();
    }

    private enum Phase
    {
        /// <summary>Nobody has been let in yet.</summary>
        Before,

        /// <summary>Orders gather for the opening auction.</summary>
        PreOpen,

        /// <summary>Orders trade as they come.</summary>
        Continuous,

        /// <summary>Trading is halted by the price bands, and orders gather for the auction after it.</summary>
        Halted,

        /// <summary>Orders gather for the closing auction.</summary>
        Closing,

        /// <summary>The day is over.</summary>
        Closed,
    }

    /// <summary>The simulated time, in nanoseconds since 1970-01-01 UTC.</summary>
    public long Time { get; set; }

    /// <summary>Whether orders gather for an auction.</summary>
    public bool IsCall => _book.IsInAuction;

    /// <summary>Whether orders trade as they come.</summary>
    public bool IsTrading => _phase == Phase.Continuous;

    /// <summary>Whether the day is over.</summary>
    public bool IsClosed => _phase == Phase.Closed;

    /// <summary>Whether nothing that happens is published.</summary>
    public bool IsSilent
    {
        get => _tape.IsSilent;
        set => _tape.IsSilent = value;
    }

    /// <summary>How many ticks there were while nothing was published.</summary>
    public long Hidden => _tape.Hidden;

    /// <summary>Whether the market makers stand aside.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The unit of sizes.</summary>
    public long Lot => _spec.Lot;

    /// <summary>The price of the last trade; before the first, the previous close.</summary>
    public long Last { get; private set; }

    /// <summary>The best bid, or just below the last trade.</summary>
    public long Bid { get; private set; }

    /// <summary>The best offer, or just above the last trade.</summary>
    public long Ask { get; private set; }

    /// <summary>The middle of bid and offer; of an auction the indicative price, or the last trade where nothing would be executed.</summary>
    public double Mid { get; private set; }

    /// <summary>The least difference of two prices where the market stands.</summary>
    public long TickSize => _grid.StepAt((long)Mid);

    /// <summary>What the symbol is worth.</summary>
    public double Value => _fundamental.Value;

    /// <summary>How agitated it is: the square is 1 on average.</summary>
    public double Volatility => _fundamental.Volatility;

    /// <summary>When the exchange acts by itself next: a phase begins, a limit state has lasted, a halt is over.</summary>
    public long Due => Math.Min(_phaseDue, _limitDue);

    /// <summary>How many executions, new orders, replacements and cancels there have been.</summary>
    public long BookEvents { get; private set; }

    /// <summary>Lets a trader in.</summary>
    public void Admit(Trader trader) => _traders.Add(trader);

    /// <summary>Basis points of the price in price ticks.</summary>
    public double Ticks(double basisPoints) => Mid * basisPoints * 1e-4;

    /// <summary>Does what is due.</summary>
    public void Proceed()
    {
        if (_limitDue <= _phaseDue)
        {
            _limitDue = long.MaxValue;
            if (_phase == Phase.Halted)
                Reopen();
            else
                HaltAtLimit();
            return;
        }

        switch (_phase)
        {
            case Phase.Before:
                (_phase, _phaseDue) = (Phase.PreOpen, _day.Continuous);
                _tape.Order(Time, OrderAction.Clear);
                BeginCall(StatusAction.Auction, Opening);
                break;
            case Phase.PreOpen:
                (_phase, _phaseDue) = (Phase.Continuous, _day.Closing);
                Uncross();
                _tape.Order(Time, OrderAction.Open);
                _bands.Begin(Last);
                Tell(StatusAction.Open, Schedule);
                PublishQuote();
                break;
            case Phase.Continuous or Phase.Halted:
                (_phase, _phaseDue, _limitDue) = (Phase.Closing, _day.Close - 1, long.MaxValue);
                _bands.End();
                BeginCall(StatusAction.Auction, Closing);
                break;
            default:
                (_phase, _phaseDue) = (Phase.Closed, long.MaxValue);
                IsSilent = false;
                Uncross();
                Tell(StatusAction.Close, Schedule);
                break;
        }
    }

    /// <summary>A second passes.</summary>
    public void Step()
    {
        _bands.Step();
        if (IsCall)
            SeeBook();
    }

    /// <summary>The exchange's operator speaks.</summary>
    public void Tell(StatusAction action, string reason) => _tape.Status(
        Time, action, reason, IsTrading && action != StatusAction.Halt, _bands.IsOn ? _bands.Up * _spec.TickSize : null, _bands.IsOn ? _bands.Down * _spec.TickSize : null);

    /// <summary>What a trader did is over: it is told where the truth is.</summary>
    public void Tell(TruthKind kind, long began, Side side, long size, in Fills fills, long orders)
    {
        if (_tape.TellsTruth)
            _tape.Truth(Time, new Truth(kind, began, side, fills.Average(_spec.TickSize), size, fills.Size, orders));
    }

    /// <summary>So many ticks were not published: it is told where the truth is.</summary>
    public void TellGap(long began, long ticks)
    {
        if (_tape.TellsTruth)
            _tape.Truth(Time, new Truth(TruthKind.FeedGap, began, Side.None, null, null, null, ticks));
    }

    /// <summary>What the symbol is worth at a time: it is told where the truth is.</summary>
    public void TellValue(long at)
    {
        if (_tape.TellsTruth)
            _tape.Truth(at, new Truth(TruthKind.Value, at, Side.None, (long)Math.Round(Value * _spec.TickSize), null, null, null));
    }

    /// <summary>The day is over.</summary>
    public void EndDay()
    {
        Time = _day.Close;
        foreach (var trader in _traders)
            trader.EndDay(this);
    }

    /// <summary>Every trader forgets what it was about to do; the orders stay.</summary>
    public void Forget()
    {
        _limitDue = _phase == Phase.Halted ? _limitDue : long.MaxValue;
        foreach (var trader in _traders)
            trader.Forget();
    }

    /// <summary>The nearest price that there is at which an order of a side gives others no more than it meant to.</summary>
    public long OnGrid(Side side, long price)
    {
        price = Math.Clamp(price, _lowest, _highest);
        return side == Side.Bid ? _grid.AtOrBelow(price) : _grid.AtOrAbove(price);
    }

    /// <summary>A limit order; a price beyond a band in force is the band's, and one off the grid is moved onto it.</summary>
    /// <returns>Its id where some of it stands now, or else 0.</returns>
    public long Limit(Trader trader, Side side, long price, long size)
    {
        var order = ++_nextOrder;
        price = Within(side, price);
        var executions = new Executions(this);
        var executed = _book.Limit(order, side, price, size, trader.Owner, ref executions);
        if (executed < size)
            Told(OrderAction.Add, side, order, price, size - executed);
        Done();
        return executed < size ? order : 0;
    }

    /// <summary>Puts a limit order in an order's place.</summary>
    /// <returns>Its id where some of it stands now, or else 0: all of it was executed, or the old one stood no more.</returns>
    public long Replace(Trader trader, long order, long price, long size)
    {
        // An order that is executed in full while it moves is its owner's loss to note here, for it does not stand when it is.
        var executions = new Executions(this);
        var side = _book.TryFind(order, out var standing) ? standing.Side : Side.None;
        if (side == Side.None)
            return 0;
        price = Within(side, price);
        _replaced = standing;
        if (!_book.Replace(order, price, size, ref executions))
            return 0;
        var stands = _book.TryFind(order, out var left);
        if (stands)
            Told(_replaced.Id == 0 ? OrderAction.Add : OrderAction.Modify, side, order, price, left.Size);
        _replaced = default;
        Done();
        return stands ? order : 0;
    }

    /// <summary>Takes what stands up to a price; does nothing before an auction.</summary>
    /// <returns>What was executed.</returns>
    public long ImmediateOrCancel(Trader trader, Side side, long price, long size)
    {
        if (IsCall)
            return 0;
        var executions = new Executions(this);
        var executed = _book.ImmediateOrCancel(++_nextOrder, side, Within(side, price), size, trader.Owner, ref executions);
        Done();
        return executed;
    }

    /// <summary>Takes what stands, up to the band in force; before an auction it waits for that.</summary>
    /// <returns>What was executed.</returns>
    public long Market(Trader trader, Side side, long size)
    {
        if (_bands.IsOn)
            return ImmediateOrCancel(trader, side, side == Side.Bid ? _bands.Up : _bands.Down, size);
        var executions = new Executions(this);
        var executed = _book.Market(++_nextOrder, side, size, trader.Owner, ref executions);
        if (IsCall)
            Told(OrderAction.Add, side, _nextOrder, 0, size);
        Done();
        return executed;
    }

    /// <summary>Takes an order away.</summary>
    public void Cancel(long order)
    {
        if (_tape.TellsOrders && _book.TryFind(order, out var standing))
            ToldGone(standing);
        _book.Cancel(order);
        Done();
    }

    private long Within(Side side, long price)
    {
        if (_bands.IsOn)
            price = side == Side.Bid ? Math.Min(price, _bands.Up) : Math.Max(price, _bands.Down);
        return OnGrid(side, price);
    }

    private void Done()
    {
        BookEvents++;
        if (!IsTrading)
            return;
        PublishQuote();
        if (!_bands.IsOn)
            return;
        if (_bid.Price < _bands.Up && (_ask.IsEmpty || _ask.Price > _bands.Down))
            _limitDue = long.MaxValue;
        else if (_limitDue == long.MaxValue)
            _limitDue = Time + PriceBands.LimitState;
    }

    private void HaltAtLimit()
    {
        _phase = Phase.Halted;
        var reason = _bid.Price >= _bands.Up ? LimitUp : LimitDown;
        Tell(StatusAction.Halt, reason);
        _bands.End();
        _book.BeginAuction();
        _tape.Order(Time, OrderAction.Auction);
        SeeBook();
        _limitDue = Time + PriceBands.Halt;
    }

    private void Reopen()
    {
        _phase = Phase.Continuous;
        Uncross();
        _tape.Order(Time, OrderAction.Open);
        _bands.Begin(Last);
        Tell(StatusAction.Resume, Reopening);
        PublishQuote();
    }

    private void BeginCall(StatusAction action, string reason)
    {
        Tell(action, reason);
        _book.BeginAuction();
        _tape.Order(Time, OrderAction.Auction);
        SeeBook();
        foreach (var trader in _traders)
            trader.ActInCall(this);
    }

    private void Uncross()
    {
        var executions = new Executions(this);
        _book.Uncross(Last, ref executions);
        BookEvents++;
        _quotedBid = _quotedAsk = default;
    }

    private void PublishQuote()
    {
        _tape.See();
        SeeBook();
        _hasCancelled = false;
        if (_bid == _quotedBid && _ask == _quotedAsk)
            return;
        (_quotedBid, _quotedAsk) = (_bid, _ask);
        _tape.Quote(Time, new BestBidOffer(Level(_bid), Level(_ask)));
    }

    /// <summary>What the traders see. Before an auction it is looked at each second, as exchanges publish it.</summary>
    private void SeeBook()
    {
        if (IsCall)
        {
            var outcome = _book.IndicativeAuction(Last);
            var price = outcome.Volume > 0 ? outcome.Price : Last;
            (Mid, Bid, Ask) = (price, _grid.AtOrBelow(price - 1), _grid.AtOrAbove(price + 1));
            return;
        }

        (_bid, _ask) = (_book.BestBid, _book.BestAsk);
        Bid = _bid.IsEmpty ? _grid.AtOrBelow(Math.Min(Last, _ask.IsEmpty ? Last : _ask.Price) - 1) : _bid.Price;
        Ask = _ask.IsEmpty ? _grid.AtOrAbove(Math.Max(Last, Bid) + 1) : _ask.Price;
        Mid = (Bid + Ask) / 2.0;
    }

    private BookLevel? Level(PriceLevel level) =>
        level.IsEmpty ? null : new BookLevel(level.Price * _spec.TickSize, level.Size, level.Count);

    private void Executed(in Execution execution)
    {
        BookEvents++;
        Last = execution.Price;
        ToldReplaced();
        var (taker, maker) = (_traders[execution.TakerOwner.Id - 1], _traders[execution.MakerOwner.Id - 1]);
        var isAuction = execution.TakerSide == Side.None;
        if (!isAuction)
        {
            _bands.Trade(execution.Price);
            if (_hasCancelled)
                PublishQuote();
        }

        _tape.Trade(Time, execution.Price * _spec.TickSize, execution.Size, execution.TakerSide, execution.TakerOwner.Agent, execution.MakerOwner.Agent,
            isAuction ? default : new BestBidOffer(Level(_book.BestBid), Level(_book.BestAsk)));
        if (_tape.TellsOrders)
            ToldExecuted(execution, isAuction);
        var bought = execution.TakerSide == Side.Ask ? -execution.Size : execution.Size;
        taker.Traded(this, bought);
        maker.Traded(this, -bought);
        if (isAuction && execution.TakerFilled)
            taker.Gone(execution.Taker);
        if (execution.MakerFilled)
            maker.Gone(execution.Maker);
    }

    private void Cancelled(in StandingOrder order)
    {
        BookEvents++;
        _hasCancelled = true;
        ToldGone(order);
        _traders[order.Owner.Id - 1].Gone(order.Id);
    }

    /// <summary>An order stands now, with all that is left of it. One without a price is at the market.</summary>
    private void Told(OrderAction action, Side side, long order, long price, long size) =>
        _tape.Order(Time, action, side, order, price == 0 ? null : price * _spec.TickSize, size, size);

    private void ToldGone(in StandingOrder order) =>
        _tape.Order(Time, OrderAction.Cancel, order.Side, order.Id, order.Price == 0 ? null : order.Price * _spec.TickSize, order.Size);

    /// <summary>The order that is being replaced trades: it has left its place before.</summary>
    private void ToldReplaced()
    {
        if (_replaced.Id == 0)
            return;
        ToldGone(_replaced);
        _replaced = default;
    }

    /// <summary>Of the two, those that stood: in an auction both.</summary>
    private void ToldExecuted(in Execution execution, bool isAuction)
    {
        if (isAuction)
            ToldExecuted(execution.Taker, execution);
        ToldExecuted(execution.Maker, execution);
    }

    private void ToldExecuted(long order, in Execution execution)
    {
        _book.TryFind(order, out var standing);
        _tape.Order(Time, OrderAction.Execute, standing.Side, order, execution.Price * _spec.TickSize, execution.Size, standing.Size - execution.Size);
    }

    private readonly struct Executions(MarketFloor floor) : IExecutionSink
    {
        public void Executing(in Execution execution) => floor.Executed(execution);

        public void Cancelling(in StandingOrder order) => floor.Cancelled(order);
    }
}

using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

/// <summary>The book and the naive book under the same random operations, compared after every one.</summary>
internal sealed class TwoBooks
{
    private const long Passing = 1_000_000;

    private readonly BookWorld _world;
    private readonly Random _random;
    private readonly RandomGrid? _grid;
    private readonly OrderBook _book;
    private readonly NaiveBook _naive;
    private readonly List<BookEvent> _events = [];
    private readonly List<PriceLevel> _levels = [];
    private long _entered;
    private long _gone;
    private int _step;

    public TwoBooks(BookWorld world)
    {
        (_world, _random) = (world, new Random(world.Seed));
        _grid = world.HasGrid ? new RandomGrid(_random, [1, 2, 5, 10, 20, 25, 50], 1, 500) : null;
        _book = new OrderBook(capacity: 1, _grid is null ? null : new PriceGrid(_grid.Bands));
        _naive = new NaiveBook(IsPrice);
    }

    /// <summary>How often each kind of operation did something, by its name.</summary>
    public Dictionary<string, int> Done { get; } = [];

    public void Run(int steps)
    {
        for (; _step < steps; _step++)
        {
            Operate();
            Compare();
        }
    }

    private void Operate()
    {
        // Ids come back after a while; negative ones are ids like others.
        var id = _random.Next(_world.Ids) - (_world.Ids / 2L);
        var side = _random.Next(2) == 0 ? Side.Bid : Side.Ask;
        var price = Price();
        long size = _random.Next(1, 50);
        var owner = new Owner(_random.Next(_world.Owners), (AgentClass)_random.Next(6));
        var sink = new Recorder(_book, _events);
        switch (_random.Next(100))
        {
            case < 40:
                Limit(id, side, price, size, owner, ref sink);
                break;
            case < 46 when _naive.InAuction:
                Assert.Throws<InvalidOperationException>(() => _book.ImmediateOrCancel(Passing, side, price, size, owner, ref sink));
                Assert.Throws<InvalidOperationException>(() => _book.FillOrKill(Passing, side, price, size, owner, ref sink));
                break;
            case < 46:
                Taken("immediate or cancel", size - _naive.Take(Passing, side, price, size, owner), _book.ImmediateOrCancel(Passing, side, price, size, owner, ref sink));
                break;
            case < 52 when !_naive.InAuction:
                size *= _random.Next(1, 6);
                Taken("fill or kill", size - _naive.TakeAllOrNothing(Passing, side, price, size, owner), _book.FillOrKill(Passing, side, price, size, owner, ref sink));
                break;
            case < 58:
                Market(id, side, size, owner, ref sink);
                break;
            case < 70:
                _gone += _book.TryFind(id, out var cancelled) ? cancelled.Size : 0;
                Same("cancel", _naive.Cancel(id), _book.Cancel(id));
                break;
            case < 78:
                _gone += _book.TryFind(id, out var reduced) ? Math.Min(reduced.Size, size) : 0;
                Same("reduce", _naive.Reduce(id, size), _book.Reduce(id, size));
                break;
            case < 86:
                Same("move", _naive.Replace(id, price, null), _book.Move(id, price, ref sink));
                break;
            case < 94:
                if (_book.TryFind(id, out var replaced))
                    (_gone, _entered) = (_gone + replaced.Size, _entered + size);
                Same("replace", _naive.Replace(id, price, size), _book.Replace(id, price, size, ref sink));
                break;
            case < 97:
                Same("indicative auction", _naive.IndicativeAuction(price), _book.IndicativeAuction(price));
                break;
            default:
                Phase(price, ref sink);
                break;
        }
    }

    private void Limit(long id, Side side, long price, long size, Owner owner, ref Recorder sink)
    {
        if (_naive.Stands(id))
        {
            var unchanged = sink;
            Assert.Throws<ArgumentException>(() => _book.Limit(id, side, price, size, owner, ref unchanged));
            return;
        }

        _naive.Limit(id, side, price, size, owner);
        _book.Limit(id, side, price, size, owner, ref sink);
        _entered += size;
        Count("limit");
    }

    private void Market(long id, Side side, long size, Owner owner, ref Recorder sink)
    {
        if (!_naive.InAuction)
        {
            Taken("market", size - _naive.Take(Passing, side, null, size, owner), _book.Market(Passing, side, size, owner, ref sink));
        }
        else if (!_naive.Stands(id))
        {
            _naive.MarketBeforeAuction(id, side, size, owner);
            Same("market before an auction", 0, _book.Market(id, side, size, owner, ref sink));
            _entered += size;
            Count("market before an auction");
        }
    }

    private void Phase(long reference, ref Recorder sink)
    {
        if (_naive.InAuction)
        {
            Same("uncross", _naive.Uncross(reference), _book.Uncross(reference, ref sink));
        }
        else
        {
            _naive.BeginAuction();
            _book.BeginAuction();
        }
    }

    private bool IsPrice(long price) => _grid?.Has(price) ?? true;

    private long Price()
    {
        var price = AnyPrice();
        while (!IsPrice(price))
            price = AnyPrice();
        return price;
    }

    private long AnyPrice() => _world.Spread > 0 ? _world.Lowest + _random.Next(_world.Spread) : _random.Next(64) switch
    {
        63 => OrderBook.MaxPrice,
        var power => 1L << power % 63,
    };

    private void Compare()
    {
        if (!_naive.Events.SequenceEqual(_events))
            Fail($"told {string.Join(", ", _events)} where {string.Join(", ", _naive.Events)} was to be told");
        foreach (var (execution, cancelled) in _events)
        {
            _gone += (2 * execution.Size) + cancelled.Size;
            Count(cancelled.Size == 0 ? "execution" : cancelled.Price == 0 ? "left at the market" : "self-match");
        }

        _events.Clear();
        _naive.Events.Clear();

        var (bid, ask) = (_book.BestBid, _book.BestAsk);
        if (_book.IsInAuction != _naive.InAuction)
            Fail("one of the books is in an auction");
        if (!_book.IsInAuction && !bid.IsEmpty && !ask.IsEmpty && bid.Price >= ask.Price)
            Fail("crossed in continuous trading");
        if (_step % _world.Inspect != 0)
            return;

        var (standing, count) = (0L, 0);
        foreach (var side in (Side[])[Side.Bid, Side.Ask])
        {
            if (!_naive.Orders(side).SequenceEqual(_book.Orders(side)))
                Fail($"the {side} queue differs");
            _levels.Clear();
            foreach (var order in _naive.Orders(side))
            {
                (standing, count) = (standing + order.Size, count + 1);
                if (_levels.Count > 0 && _levels[^1].Price == order.Price)
                    _levels[^1] = _levels[^1] with { Size = _levels[^1].Size + order.Size, Count = _levels[^1].Count + 1 };
                else if (order.Price > 0)
                    _levels.Add(new PriceLevel(order.Price, order.Size, 1));
            }

            if (!_levels.SequenceEqual(_book.Levels(side)))
                Fail($"the {side} levels differ");
            if (_levels.FirstOrDefault() != (side == Side.Bid ? bid : ask))
                Fail($"the best {side} differs");
        }

        if (count != _book.Count)
            Fail($"{_book.Count} orders are counted where {count} stand");
        if (_entered - _gone != standing)
            Fail($"{_entered} entered, {_gone} gone, {standing} stand");
    }

    private void Taken(string what, long expected, long actual)
    {
        Same(what, expected, actual);
        _entered += actual;
    }

    private void Same<T>(string what, T expected, T actual)
        where T : struct
    {
        if (!expected.Equals(actual))
            Fail($"{what} gave {actual} where {expected} was to be");
        if (!actual.Equals(default(T)))
            Count(what);
    }

    private void Count(string what) => Done[what] = Done.GetValueOrDefault(what) + 1;

    private void Fail(string what) => Assert.Fail($"{_world}, grid {_grid}, step {_step}: {what}");

    private readonly struct Recorder(OrderBook book, List<BookEvent> events) : IExecutionSink
    {
        public void Executing(in Execution execution)
        {
            // The book stands as before: what trades in continuous trading is the best of its side.
            if (execution.TakerSide != Side.None)
                Assert.True(execution.Price == (execution.TakerSide == Side.Bid ? book.BestAsk : book.BestBid).Price);
            events.Add(new BookEvent(execution, default));
        }

        public void Cancelling(in StandingOrder order)
        {
            Assert.True(book.TryFind(order.Id, out var found) && found == order);
            events.Add(new BookEvent(default, order));
        }
    }
}

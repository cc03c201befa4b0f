using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Book.Streams;

/// <summary>
/// Makes order streams that load a book in different places. The same name and length make the same stream on any machine.
/// </summary>
public static class MadeStreams
{
    private const long Middle = 1_000_000;

    private static readonly Dictionary<string, Func<Maker, bool>> Makers = new()
    {
        ["mixed"] = Mixed,
        ["deep"] = Deep,
        ["cancel"] = Cancelling,
        ["hot"] = Hot,
        ["sweep"] = Sweeping,
    };

    /// <summary>
    /// What can be made: <c>mixed</c> (all operations around a price that walks), <c>deep</c> (tens of thousands of levels), <c>cancel</c> (nearly all orders
    /// are cancelled, near the touch), <c>hot</c> (all at two prices) and <c>sweep</c> (large orders through thousands of levels).
    /// </summary>
    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Makes a stream.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="count">How many operations, 1 or more.</param>
    /// <exception cref="ArgumentException">There is no such stream, or the length is less than 1.</exception>
    public static OrderStream Make(string name, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!Makers.TryGetValue(name, out var next))
            throw new ArgumentException($"There is no stream '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
        var maker = new Maker(name, count);
        while (!maker.IsDone)
            next(maker);
        return new OrderStream(name, maker.Operations);
    }

    private static bool Mixed(Maker maker)
    {
        maker.Walk();
        return maker.Roll() switch
        {
            < 43 => maker.Limit(5 - (3 * maker.Geometric()) - maker.Below(20)),
            < 55 => maker.Take(maker.Below(10), maker.Size()),
            < 88 => maker.Cancel(maker.Any()),
            < 96 => maker.Move(maker.Any(), 5 - maker.Below(40)),
            _ => maker.Reduce(maker.Any()),
        };
    }

    private static bool Deep(Maker maker) => maker.Roll() switch
    {
        < 68 => maker.Limit(-maker.Below(20_000)),
        < 70 => maker.Take(maker.Below(50), maker.Size()),
        < 88 => maker.Cancel(maker.Any()),
        < 97 => maker.Move(maker.Any(), -maker.Below(20_000)),
        _ => maker.Reduce(maker.Any()),
    };

    private static bool Cancelling(Maker maker)
    {
        maker.Walk();
        return maker.Roll() switch
        {
            < 48 => maker.Limit(-maker.Below(4)),
            < 50 => maker.Take(maker.Below(4), maker.Size()),
            _ => maker.Cancel(maker.Recent(64)),
        };
    }

    private static bool Hot(Maker maker) => maker.Roll() switch
    {
        < 45 => maker.Limit(0),
        < 65 => maker.Take(1, maker.Size()),
        < 95 => maker.Cancel(maker.Any()),
        _ => maker.Reduce(maker.Any()),
    };

    private static bool Sweeping(Maker maker) => maker.Standing < 8_000 || maker.Below(3_000) > 0
        ? maker.Limit(-maker.Below(10_000))
        : maker.Take(20_000, 100_000 + maker.Below(100_000));

    private sealed class Maker(string name, int count)
    {
        private readonly List<(long Id, Side Side)> _standing = [];
        private RandomStream _random = new(0, name, default, 0);
        private long _middle = Middle;
        private long _nextId = 1;
        private int _made;

        public BookOperation[] Operations { get; } = new BookOperation[count];

        public bool IsDone => _made == count;

        /// <summary>How many orders have been entered and not been cancelled; some of them are filled.</summary>
        public int Standing => _standing.Count;

        public int Roll() => Below(100);

        public int Below(int bound) => _random.Below(bound);

        public int Geometric() => _random.Geometric();

        public int Size() => 1 + Below(100);

        /// <summary>Lets the price take a step, now and then.</summary>
        public void Walk()
        {
            if (Below(64) == 0)
                _middle += Below(3) - 1;
        }

        /// <summary>Which of the orders entered, of all alike.</summary>
        public int Any() => Below(Math.Max(1, _standing.Count));

        /// <summary>Which of the orders entered, of the last few.</summary>
        public int Recent(int last) => Math.Max(0, _standing.Count - 1 - Below(last));

        /// <summary>A limit order that is better than the middle by so many price ticks.</summary>
        public bool Limit(int better)
        {
            var side = AnySide();
            _standing.Add((_nextId, side));
            return Add(new BookOperation(OperationKind.Limit, side, Size(), _nextId++, PriceOf(side, better)));
        }

        public bool Take(int better, int size)
        {
            var side = AnySide();
            return Add(new BookOperation(OperationKind.ImmediateOrCancel, side, size, _nextId++, PriceOf(side, better)));
        }

        public bool Cancel(int which)
        {
            if (_standing.Count == 0)
                return false;
            var (id, side) = _standing[which];
            _standing[which] = _standing[^1];
            _standing.RemoveAt(_standing.Count - 1);
            return Add(new BookOperation(OperationKind.Cancel, side, 0, id, 0));
        }

        public bool Move(int which, int better) => _standing.Count > 0
            && Add(new BookOperation(OperationKind.Move, _standing[which].Side, 0, _standing[which].Id, PriceOf(_standing[which].Side, better)));

        public bool Reduce(int which) => _standing.Count > 0
            && Add(new BookOperation(OperationKind.Reduce, _standing[which].Side, 1 + Below(50), _standing[which].Id, 0));

        private Side AnySide() => Below(2) == 0 ? Side.Bid : Side.Ask;

        // The middle lies between two prices, so that what is better than it by nothing does not meet its like.
        private long PriceOf(Side side, int better) => side == Side.Bid ? _middle + better : _middle + 1 - better;

        private bool Add(in BookOperation operation)
        {
            Operations[_made++] = operation;
            return true;
        }
    }
}

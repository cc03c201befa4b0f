using System.Buffers;
using System.Text;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests;

/// <summary>Ticks of all kinds from a seed, and logs of them.</summary>
internal sealed class RandomTicks(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 1, 7, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Symbols = ["S001", "S002", "BRK.B", "^HSI", "A"];
    private static readonly string[] Intervals = ["1d", "1m", "24h"];

    private readonly Random _random = new(seed);
    private long _sequence;

    /// <summary>A log with dead letters, tombstones, late ticks, foreign ticks without sequence, and holes between the offsets.</summary>
    /// <param name="records">How many records.</param>
    /// <param name="dead">Whether some are to be dead letters.</param>
    public TestLog Log(int records, bool dead = true)
    {
        var log = new List<TestRecord>(records);
        var first = _random.Next(3);
        var offset = (long)first;
        for (var i = 0; i < records; i++, offset += _random.Next(8) == 0 ? 3 : 1)
            log.Add(dead ? Record(offset) : Live(offset));
        return new TestLog(log, first);
    }

    public TestRecord Record(long offset)
    {
        switch (_random.Next(12))
        {
            case 0:
                return new TestRecord(offset, [], [(byte)'{', (byte)_random.Next(256)], null);
            case 1:
                return new TestRecord(offset, "k"u8.ToArray(), null, null);
            case 2:
                var future = Next() with { Source = TickSource.External, TsEvent = UnixNanos.From(Now.AddDays(1)) };
                return new TestRecord(offset, [], Encode(future), null);
            default:
                return Live(offset);
        }
    }

    private TestRecord Live(long offset)
    {
        var tick = Next();
        return new TestRecord(offset, Encoding.UTF8.GetBytes(tick.Symbol), Encode(tick), tick);
    }

    public static byte[] Encode(in Tick tick)
    {
        var output = new ArrayBufferWriter<byte>();
        TickEncoder.Encode(tick, WireFormat.Protobuf, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A tick within three hours, or long ago.</summary>
    public Tick Next()
    {
        var source = (TickSource)_random.Next(4);
        var tick = new Tick
        {
            Kind = (TickKind)_random.Next(PartitionSlot.Tables.Count),
            Source = source,
            Symbol = Symbols[_random.Next(Symbols.Length)],
            TsEvent = _random.Next(10) == 0
                ? UnixNanos.From(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero)) + _random.NextInt64(2 * UnixNanos.PerSecond)
                : UnixNanos.From(Now) - _random.NextInt64(3 * UnixNanos.PerHour),
            Sequence = source == TickSource.External && _random.Next(2) == 0 ? null : ++_sequence,
            RunId = source == TickSource.External ? "" : $"run-{_random.Next(2)}",
        };
        switch (tick.Kind)
        {
            case TickKind.Trade:
                tick.Trade = new Trade(
                    AnyPrice(), 1 + _random.NextInt64(1_000_000), (Side)_random.Next(3), Maybe(_random.NextInt64(99)),
                    AnyAgent(), AnyAgent());
                tick.Book = new BestBidOffer(AnyLevel(), AnyLevel());
                break;
            case TickKind.Quote:
                tick.Book = new BestBidOffer(AnyLevel(), AnyLevel());
                break;
            case TickKind.Status:
                tick.Status = new Status(
                    (StatusAction)_random.Next(5), _random.Next(3) switch { 0 => null, 1 => "limit-up", _ => "schedule" },
                    _random.Next(3) switch { 0 => null, 1 => true, _ => false }, Maybe(AnyPrice()), Maybe(AnyPrice()));
                break;
            case TickKind.Order:
                var action = (OrderAction)_random.Next(7);
                tick.Order = action >= OrderAction.Clear
                    ? new OrderEvent(action, Side.None, _random.Next(2) == 0, 0, null, 0, 0, null)
                    : new OrderEvent(
                        action, (Side)(1 + _random.Next(2)), _random.Next(2) == 0, 1 + _random.NextInt64(99), action == OrderAction.Execute ? AnyPrice() : Maybe(AnyPrice()),
                        1 + _random.NextInt64(1_000), _random.NextInt64(1_000), Maybe(_random.NextInt64(99)));
                break;
            case TickKind.Truth:
                tick.Truth = new Truth(
                    (TruthKind)_random.Next(6), tick.TsEvent - _random.NextInt64(UnixNanos.PerHour), (Side)_random.Next(3), Maybe(AnyPrice()), Maybe(_random.NextInt64(99)),
                    Maybe(_random.NextInt64(99)), Maybe(_random.NextInt64(99)));
                break;
            case TickKind.Run:
                tick.Run = new RunSetup(_random.NextInt64(), $"scenario-{_random.Next(3)}", $"{{\"{new string('x', _random.Next(6_000))}\":{_random.Next(3)}}}");
                break;
            default:
                long[] prices = [AnyPrice(), AnyPrice(), AnyPrice(), AnyPrice()];
                tick.Bar = new Bar(
                    prices[0], prices.Max(), prices.Min(), prices[1], Maybe(AnyPrice()), Maybe(_random.NextInt64()), Maybe(AnyPrice()),
                    Intervals[_random.Next(Intervals.Length)]);
                break;
        }

        return tick;
    }

    private AgentClass AnyAgent() => (AgentClass)_random.Next(6);

    private BookLevel? AnyLevel() => _random.Next(4) == 0
        ? null
        : new BookLevel(AnyPrice(), _random.NextInt64(10_000), _random.Next(4) == 0 ? null : _random.Next(1000));

    private long AnyPrice() => _random.Next(6) switch
    {
        0 => Price.Max,
        1 => -Price.Max,
        2 => 0,
        3 => -_random.NextInt64(Price.One),
        _ => _random.NextInt64(500 * Price.One),
    };

    private long? Maybe(long value) => _random.Next(3) == 0 ? null : value;
}

using System.Buffers.Text;
using System.Security.Cryptography;
using StockActors.Market;

namespace StockActors.Simulator.Book.Streams;

/// <summary>What comes of an order stream: the same from every book with price-time priority that trades at the resting price.</summary>
/// <param name="Trades">How many trades.</param>
/// <param name="BidLevels">How many prices are bid in the final book.</param>
/// <param name="AskLevels">How many prices are offered in the final book.</param>
/// <param name="Hash">
/// The first 16 hex digits of SHA-256 over lines of ASCII: <c>T taker maker price size</c> for every trade in order, then of the final book
/// <c>B price volume orders</c> from the best bid down and <c>A price volume orders</c> from the best offer up.
/// </param>
public sealed record StreamOutcome(long Trades, int BidLevels, int AskLevels, string Hash)
{
    /// <summary>Plays a stream on an empty book.</summary>
    /// <exception cref="OrderFileException">The stream cannot be played to its end.</exception>
    public static StreamOutcome Of(OrderStream stream)
    {
        var book = new OrderBook();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var tape = new Tape(hash);
        stream.Play(book, ref tape);
        var (bids, asks) = (0, 0);
        foreach (var level in book.Levels(Side.Bid))
        {
            Append(hash, 'B', [level.Price, level.Size, level.Count]);
            bids++;
        }

        foreach (var level in book.Levels(Side.Ask))
        {
            Append(hash, 'A', [level.Price, level.Size, level.Count]);
            asks++;
        }

        return new StreamOutcome(tape.Trades, bids, asks, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    private static void Append(IncrementalHash hash, char what, ReadOnlySpan<long> figures)
    {
        Span<byte> line = stackalloc byte[96];
        line[0] = (byte)what;
        var end = 1;
        foreach (var figure in figures)
        {
            line[end++] = (byte)' ';
            Utf8Formatter.TryFormat(figure, line[end..], out var written);
            end += written;
        }

        line[end++] = (byte)'\n';
        hash.AppendData(line[..end]);
    }

    private struct Tape(IncrementalHash hash) : IExecutionSink
    {
        public long Trades { get; private set; }

        public void Executing(in Execution execution)
        {
            Trades++;
            Append(hash, 'T', [execution.Taker, execution.Maker, execution.Price, execution.Size]);
        }

        public readonly void Cancelling(in StandingOrder order)
        {
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

public sealed class OrderStreamTests
{
    [SharedTheory("book")]
    [InlineData("mixed", 51_905, 157, 142, "2d53e7361fb89773")]
    [InlineData("deep", 1_012, 18_442, 18_327, "7456153a386144b9")]
    public void A_recorded_stream_ends_as_a_conforming_book_says(string name, int trades, int bids, int asks, string outcome)
    {
        var stream = OrderStream.Read(SharedFolder.PathOf($"book/{name}.orders.gz"));
        var book = new OrderBook();
        var tape = new Tape(new StringBuilder());
        stream.Play(book, ref tape);

        var text = tape.Text;
        foreach (var level in book.Levels(Side.Bid))
            text.Append(CultureInfo.InvariantCulture, $"B {level.Price} {level.Size} {level.Count}\n");
        foreach (var level in book.Levels(Side.Ask))
            text.Append(CultureInfo.InvariantCulture, $"A {level.Price} {level.Size} {level.Count}\n");

        Assert.Equal(trades, tape.Trades);
        Assert.Equal((bids, asks), (book.Levels(Side.Bid).Count(), book.Levels(Side.Ask).Count()));
        Assert.Equal(outcome, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())))[..16]);
    }

    private struct Tape(StringBuilder text) : IExecutionSink
    {
        public readonly StringBuilder Text => text;

        public int Trades { get; private set; }

        public void Executing(in Execution execution)
        {
            Trades++;
            text.Append(CultureInfo.InvariantCulture, $"T {execution.Taker} {execution.Maker} {execution.Price} {execution.Size}\n");
        }

        public void Cancelling(in StandingOrder order)
        {
        }
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using StockActors.Market;
using StockActors.Simulator.Book;
using StockActors.Simulator.Book.Streams;

namespace StockActors.Simulator.Tests.Book.Streams;

public sealed class OrderStreamTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SharedTheory("book")]
    [InlineData("mixed", 51_905, 157, 142, "2d53e7361fb89773")]
    [InlineData("deep", 1_012, 18_442, 18_327, "7456153a386144b9")]
    public void A_recorded_stream_ends_as_a_conforming_book_says(string name, int trades, int bids, int asks, string outcome) =>
        Assert.Equal(new StreamOutcome(trades, bids, asks, outcome), StreamOutcome.Of(OrderStream.Read(SharedFolder.PathOf($"book/{name}.orders.gz"))));

    [Theory]
    [InlineData("mixed", 59_394, 50, 73, "2082aeadbc94a129")]
    [InlineData("deep", 638, 18_304, 18_256, "752f7148fea18ad8")]
    [InlineData("cancel", 7_886, 3, 2, "5fd0d623648a4111")]
    [InlineData("hot", 79_325, 1, 1, "9c32b344d0fa3493")]
    [InlineData("sweep", 189_657, 1_536, 2_796, "7137530f7c812e91")]
    public void A_made_stream_ends_as_it_always_has(string name, int trades, int bids, int asks, string outcome) =>
        // Changes only when the streams are made otherwise; how a book trades is no reason.
        Assert.Equal(new StreamOutcome(trades, bids, asks, outcome), StreamOutcome.Of(MadeStreams.Make(name, 200_000)));

    [Theory]
    [InlineData("mixed", 30_000)]
    [InlineData("deep", 5_000)]
    [InlineData("cancel", 100_000)]
    [InlineData("hot", 5_000)]
    [InlineData("sweep", 11_000)]
    public void A_made_stream_ends_as_the_naive_book_says(string name, int count)
    {
        var stream = MadeStreams.Make(name, count);
        var naive = new NaiveBook();
        foreach (var operation in stream.Operations)
        {
            switch (operation.Kind)
            {
                case OperationKind.Limit:
                    naive.Limit(operation.Id, operation.Side, operation.Price, operation.Size, default);
                    break;
                case OperationKind.ImmediateOrCancel:
                    naive.Take(operation.Id, operation.Side, operation.Price, operation.Size, default);
                    break;
                case OperationKind.Cancel:
                    naive.Cancel(operation.Id);
                    break;
                case OperationKind.Move:
                    naive.Replace(operation.Id, operation.Price, null);
                    break;
                default:
                    naive.Reduce(operation.Id, operation.Size);
                    break;
            }
        }

        var text = new StringBuilder();
        foreach (var (trade, _) in naive.Events)
            text.Append($"T {trade.Taker} {trade.Maker} {trade.Price} {trade.Size}\n");
        var (bids, asks) = (Levels(naive, Side.Bid), Levels(naive, Side.Ask));
        text.AppendJoin("", bids.Select(level => $"B {level}\n")).AppendJoin("", asks.Select(level => $"A {level}\n"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())))[..16];

        Assert.Equal(new StreamOutcome(naive.Events.Count, bids.Count, asks.Count, hash), StreamOutcome.Of(stream));
        Assert.True(naive.Events.Count > 0);

        static List<string> Levels(NaiveBook book, Side side) =>
            [.. book.Orders(side).GroupBy(o => o.Price).Select(level => $"{level.Key} {level.Sum(o => o.Size)} {level.Count()}")];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_s_records_are_its_operations_zipped_or_not(bool zipped)
    {
        var path = Write(zipped, Record(1, 1, 7, -3, OrderBook.MaxPrice), Record(2, 0, int.MaxValue, 4, 1), Record(3, 0, 0, -3, 0), Record(4, 0, 0, 4, 9), Record(5, 0, 2, 4, 0));

        var stream = OrderStream.Read(path);

        Assert.Equal(path, stream.Name);
        Assert.Equal(
            [
                new BookOperation(OperationKind.Limit, Side.Ask, 7, -3, OrderBook.MaxPrice),
                new BookOperation(OperationKind.ImmediateOrCancel, Side.Bid, int.MaxValue, 4, 1),
                new BookOperation(OperationKind.Cancel, Side.Bid, 0, -3, 0),
                new BookOperation(OperationKind.Move, Side.Bid, 0, 4, 9),
                new BookOperation(OperationKind.Reduce, Side.Bid, 2, 4, 0),
            ],
            stream.Operations.ToArray());
    }

    [Theory]
    [InlineData(0, 0, 1, 1, "operation 0 is none")]
    [InlineData(6, 0, 1, 1, "operation 6 is none")]
    [InlineData(1, 2, 1, 1, "side is neither")]
    [InlineData(1, 0, 0, 1, "size, 0, is less than 1")]
    [InlineData(2, 0, -1, 1, "size, -1, is less than 1")]
    [InlineData(5, 0, 0, 0, "size, 0, is less than 1")]
    [InlineData(1, 0, 1, 0, "price, 0, is not from 1")]
    [InlineData(4, 0, 0, -1, "price, -1, is not from 1")]
    [InlineData(2, 0, 1, long.MaxValue, "is not from 1 to")]
    public void A_record_that_is_no_operation_is_named(byte kind, byte side, int size, long price, string problem)
    {
        var path = Write(true, Record(1, 0, 1, 1, 1), Record(kind, side, size, 2, price));

        var error = Assert.Throws<OrderFileException>(() => OrderStream.Read(path));
        Assert.StartsWith($"{path}: record 2 (at byte 24): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_order_under_the_id_of_one_that_stands_is_named_where_it_comes()
    {
        var stream = OrderStream.Read(Write(false, Record(1, 0, 1, 7, 1), Record(3, 0, 0, 7, 0), Record(1, 0, 1, 7, 1), Record(1, 0, 1, 7, 1)));

        var error = Assert.Throws<OrderFileException>(() => StreamOutcome.Of(stream));
        Assert.Contains("record 4: order 7 stands already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_order_stream_is_a_named_error()
    {
        var whole = File.ReadAllBytes(Write(true, [.. Enumerable.Range(1, 1_000).Select(id => Record(1, 0, id, id, id))]));
        Refused("holds no operations", []);
        Refused("no whole number of records", Record(1, 0, 1, 1, 1)[..23]);
        Refused("damaged", [.. whole[..200], .. new byte[20], .. whole[220..]]);
        Assert.Contains("no such file", Assert.Throws<OrderFileException>(() => OrderStream.Read(Path.Combine(_folder.FullName, "none"))).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<OrderFileException>(() => OrderStream.Read(_folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("there are mixed, deep, cancel, hot, sweep", Assert.Throws<ArgumentException>(() => MadeStreams.Make("none", 1)).Message, StringComparison.Ordinal);

        void Refused(string problem, byte[] bytes)
        {
            var path = Path.Combine(_folder.FullName, "bad.orders");
            File.WriteAllBytes(path, bytes);
            Assert.Contains(problem, Assert.Throws<OrderFileException>(() => OrderStream.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Record(byte kind, byte side, int size, long id, long price)
    {
        var record = new byte[24];
        (record[0], record[1]) = (kind, side);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), size);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), id);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), price);
        return record;
    }

    private string Write(bool zipped, params byte[][] records)
    {
        var path = Path.Combine(_folder.FullName, "a.orders");
        using Stream file = zipped ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        foreach (var record in records)
            file.Write(record);
        return path;
    }
}

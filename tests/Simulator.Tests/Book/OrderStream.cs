using System.Buffers.Binary;
using System.IO.Compression;
using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

/// <summary>A file of recorded orders: gzip of 24-byte little-endian records (op u8, side u8, u16, size i32, id i64, price i64).</summary>
internal sealed record OrderStream(IReadOnlyList<OrderStream.Order> Orders)
{
    public static OrderStream Read(string path)
    {
        using var unzipped = new MemoryStream();
        using (var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
            file.CopyTo(unzipped);
        var bytes = unzipped.ToArray();
        var orders = new Order[bytes.Length / 24];
        for (var i = 0; i < orders.Length; i++)
        {
            var record = bytes.AsSpan(i * 24, 24);
            orders[i] = new Order(record[0], record[1] == 0 ? Side.Bid : Side.Ask, BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[8..]), BinaryPrimitives.ReadInt64LittleEndian(record[16..]));
        }

        return new OrderStream(orders);
    }

    public void Play<TSink>(OrderBook book, ref TSink sink)
        where TSink : IExecutionSink
    {
        foreach (var order in Orders)
        {
            switch (order.Op)
            {
                case 1:
                    book.Limit(order.Id, order.Side, order.Price, order.Size, default, ref sink);
                    break;
                case 2:
                    book.ImmediateOrCancel(order.Id, order.Side, order.Price, order.Size, default, ref sink);
                    break;
                case 3:
                    book.Cancel(order.Id);
                    break;
                case 4:
                    book.Move(order.Id, order.Price, ref sink);
                    break;
                case 5:
                    book.Reduce(order.Id, order.Size);
                    break;
                default:
                    throw new InvalidDataException($"Operation {order.Op} is none.");
            }
        }
    }

    internal readonly record struct Order(byte Op, Side Side, int Size, long Id, long Price);
}

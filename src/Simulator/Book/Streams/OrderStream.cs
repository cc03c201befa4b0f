using System.Buffers.Binary;
using System.IO.Compression;
using StockActors.Market;

namespace StockActors.Simulator.Book.Streams;

/// <summary>
/// A stream of operations on one book, in memory: read from a file of 24-byte little-endian records (kind u8, side u8 with 0 for buy and 1 for
/// sell, zero u16, size i32, id i64, price i64), or made by <see cref="MadeStreams"/>.
/// </summary>
public sealed class OrderStream(string name, BookOperation[] operations)
{
    private const int RecordSize = 24;

    /// <summary>Its name, or its file's.</summary>
    public string Name { get; } = name;

    /// <summary>Its operations, in their order.</summary>
    public ReadOnlySpan<BookOperation> Operations => operations;

    /// <summary>Reads a file, zipped by gzip or not.</summary>
    /// <exception cref="OrderFileException">It is not there, cannot be read, or is no order stream; the message names the record at fault.</exception>
    public static OrderStream Read(string path)
    {
        var bytes = ReadBytes(path);
        if (bytes.Length == 0)
            throw new OrderFileException(path, "the file holds no operations.");
        if (bytes.Length % RecordSize != 0)
            throw new OrderFileException(path, $"{bytes.Length:N0} bytes are no whole number of records of {RecordSize} bytes; is it cut off, or no order stream?");
        var operations = new BookOperation[bytes.Length / RecordSize];
        for (var i = 0; i < operations.Length; i++)
        {
            var record = bytes.AsSpan(i * RecordSize, RecordSize);
            operations[i] = new BookOperation(
                (OperationKind)record[0],
                record[1] switch { 0 => Side.Bid, 1 => Side.Ask, _ => Side.None },
                BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[16..]));
            if (FaultOf(operations[i]) is { } fault)
                throw new OrderFileException(path, $"record {i + 1:N0} (at byte {(long)i * RecordSize:N0}): {fault}");
        }

        return new OrderStream(path, operations);
    }

    /// <summary>Does one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="book">The book, in continuous trading.</param>
    /// <param name="sink">Is told of the executions.</param>
    /// <exception cref="ArgumentException">It is a new order under the id of one that stands.</exception>
    public static void Do<TSink>(in BookOperation operation, OrderBook book, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        switch (operation.Kind)
        {
            case OperationKind.Limit:
                book.Limit(operation.Id, operation.Side, operation.Price, operation.Size, default, ref sink);
                break;
            case OperationKind.ImmediateOrCancel:
                book.ImmediateOrCancel(operation.Id, operation.Side, operation.Price, operation.Size, default, ref sink);
                break;
            case OperationKind.Cancel:
                book.Cancel(operation.Id);
                break;
            case OperationKind.Move:
                book.Move(operation.Id, operation.Price, ref sink);
                break;
            default:
                book.Reduce(operation.Id, operation.Size);
                break;
        }
    }

    /// <summary>Does all operations, one after the other.</summary>
    /// <param name="book">The book, in continuous trading.</param>
    /// <param name="sink">Is told of the executions.</param>
    /// <exception cref="OrderFileException">An operation brings a new order under the id of one that stands.</exception>
    public void Play<TSink>(OrderBook book, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        var at = 0;
        try
        {
            for (; at < operations.Length; at++)
                Do(operations[at], book, ref sink);
        }
        catch (ArgumentException error)
        {
            throw new OrderFileException(Name, $"record {at + 1:N0}: order {operations[at].Id} stands already; a new order needs an id of its own.", error);
        }
    }

    private static string? FaultOf(in BookOperation operation) => operation switch
    {
        { Kind: < OperationKind.Limit or > OperationKind.Reduce } => $"operation {(byte)operation.Kind} is none; they are 1 to 5.",
        { Side: Side.None } => "its side is neither 0 (buy) nor 1 (sell).",
        { Kind: OperationKind.Limit or OperationKind.ImmediateOrCancel or OperationKind.Reduce, Size: < 1 } => $"its size, {operation.Size}, is less than 1.",
        { Kind: OperationKind.Limit or OperationKind.ImmediateOrCancel or OperationKind.Move, Price: < 1 or > OrderBook.MaxPrice } =>
            $"its price, {operation.Price}, is not from 1 to {OrderBook.MaxPrice}.",
        _ => null,
    };

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
            throw new OrderFileException(path, "this is a folder; name a file in it.");
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes is not [0x1f, 0x8b, ..])
                return bytes;
            using var unzipped = new MemoryStream();
            using (var zipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
                zipped.CopyTo(unzipped);
            return unzipped.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new OrderFileException(path, $"it is damaged where it is unzipped: {error.Message}", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OrderFileException(path, "there is no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OrderFileException(path, $"the file cannot be read: {error.Message}", error);
        }
    }
}

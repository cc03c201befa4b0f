using System.Numerics;
using Akka;
using Akka.Streams.Dsl;
using Akka.Util;

namespace StockActors.Analytics;

/// <summary>
/// Pages of rows as arrays of bytes that pass through remoting, whose frames have a bound: a page may be cut, anywhere. An error goes through as what it
/// is, behind the rows before it.
/// </summary>
internal static class RowFrames
{
    // Remoting takes 128,000 bytes with what it adds.
    private const int MostBytes = 64_000;
    private const byte Part = 0;
    private const byte LastPart = 1;
    private const byte Failure = 2;

    /// <summary>The bytes of the pages of columns.</summary>
    public static Flow<IReadOnlyList<object?[]>, byte[], NotUsed> Encode(IReadOnlyList<QueryColumn> columns) => Flow.Create<IReadOnlyList<object?[]>>()
        .SelectMany(page => Cut(Write(columns, page)))
        .Recover(e => Option<byte[]>.Create(Write(e)));

    /// <summary>The pages again.</summary>
    public static Flow<byte[], IReadOnlyList<object?[]>, NotUsed> Decode(IReadOnlyList<QueryColumn> columns) => Flow.Create<byte[]>()
        .StatefulSelectMany<byte[], byte[], IReadOnlyList<object?[]>, NotUsed>(() =>
        {
            var parts = new MemoryStream();
            return frame =>
            {
                if (frame[0] == Failure)
                    throw ReadError(frame);
                parts.Write(frame.AsSpan(1));
                if (frame[0] == Part)
                    return [];
                parts.Position = 0;
                var page = Read(columns, parts);
                parts.SetLength(0);
                return [page];
            };
        });

    private static IEnumerable<byte[]> Cut(byte[] page)
    {
        for (var at = 0; at < page.Length; at += MostBytes)
        {
            var length = Math.Min(MostBytes, page.Length - at);
            byte[] frame = [at + length == page.Length ? LastPart : Part, .. page.AsSpan(at, length)];
            yield return frame;
        }
    }

    private static byte[] Write(IReadOnlyList<QueryColumn> columns, IReadOnlyList<object?[]> page)
    {
        var bytes = new MemoryStream();
        var to = new BinaryWriter(bytes);
        to.Write7BitEncodedInt(page.Count);
        foreach (var row in page)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                to.Write(row[i] is not null);
                if (row[i] is { } value)
                    Write(to, columns[i].Type, value);
            }
        }

        return bytes.ToArray();
    }

    private static List<object?[]> Read(IReadOnlyList<QueryColumn> columns, Stream bytes)
    {
        var from = new BinaryReader(bytes);
        var page = new List<object?[]>(from.Read7BitEncodedInt());
        for (var left = page.Capacity; left > 0; left--)
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = from.ReadBoolean() ? Read(from, columns[i].Type) : null;
            page.Add(row);
        }

        return page;
    }

    private static void Write(BinaryWriter to, ColumnType type, object value)
    {
        switch (type)
        {
            case ColumnType.Integer:
                to.Write((long)value);
                break;
            case ColumnType.HugeInteger:
                var digits = ((BigInteger)value).ToByteArray();
                to.Write7BitEncodedInt(digits.Length);
                to.Write(digits);
                break;
            case ColumnType.Decimal:
                to.Write((decimal)value);
                break;
            case ColumnType.Double:
                to.Write((double)value);
                break;
            case ColumnType.Boolean:
                to.Write((bool)value);
                break;
            case ColumnType.Timestamp:
                to.Write(((DateTime)value).Ticks);
                break;
            case ColumnType.Date:
                to.Write(((DateOnly)value).DayNumber);
                break;
            default:
                to.Write((string)value);
                break;
        }
    }

    private static object Read(BinaryReader from, ColumnType type) => type switch
    {
        ColumnType.Integer => from.ReadInt64(),
        ColumnType.HugeInteger => new BigInteger(from.ReadBytes(from.Read7BitEncodedInt())),
        ColumnType.Decimal => from.ReadDecimal(),
        ColumnType.Double => from.ReadDouble(),
        ColumnType.Boolean => from.ReadBoolean(),
        ColumnType.Timestamp => new DateTime(from.ReadInt64(), DateTimeKind.Utc),
        ColumnType.Date => DateOnly.FromDayNumber(from.ReadInt32()),
        _ => from.ReadString(),
    };

    private static byte[] Write(Exception e)
    {
        var bytes = new MemoryStream();
        var to = new BinaryWriter(bytes);
        to.Write(Failure);
        to.Write(e is QueryStoppedException);
        to.Write(e switch
        {
            QueryStoppedException stopped => (byte)stopped.Why,
            QueryException refused => (byte)refused.Error,
            _ => (byte)QueryError.Engine,
        });
        to.Write(e.Message.Length > MostBytes / 4 ? e.Message[..(MostBytes / 4)] : e.Message);
        return bytes.ToArray();
    }

    private static Exception ReadError(byte[] frame)
    {
        var from = new BinaryReader(new MemoryStream(frame, 1, frame.Length - 1));
        var isStopped = from.ReadBoolean();
        var kind = from.ReadByte();
        return isStopped ? new QueryStoppedException((QueryFailure)kind, from.ReadString()) : new QueryException(from.ReadString(), error: (QueryError)kind);
    }
}

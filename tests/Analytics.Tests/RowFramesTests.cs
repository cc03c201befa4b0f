using System.Numerics;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;

namespace StockActors.Analytics.Tests;

public sealed class RowFramesTests : TestKit
{
    private static readonly QueryColumn[] Columns =
    [
        new("text", ColumnType.Text), new("integer", ColumnType.Integer), new("huge", ColumnType.HugeInteger), new("decimal", ColumnType.Decimal),
        new("double", ColumnType.Double), new("truth", ColumnType.Boolean), new("time", ColumnType.Timestamp), new("date", ColumnType.Date),
    ];

    [Fact]
    public async Task Rows_come_through_frames_of_a_bound_as_they_were()
    {
        const int seed = 5;
        var random = new Random(seed);
        var pages = Enumerable.Range(0, 40).Select(page => Enumerable.Range(0, page == 7 ? 20_000 : random.Next(1, 60)).Select(_ => Row(random, page == 9 ? 200_000 : 10)).ToList()).ToList();
        var frames = await Source.From<IReadOnlyList<object?[]>>(pages).Via(RowFrames.Encode(Columns)).RunWith(Sink.Seq<byte[]>(), Sys.Materializer());
        Assert.All(frames, frame => Assert.InRange(frame.Length, 2, 64_001));
        var read = await Source.From(frames).Via(RowFrames.Decode(Columns)).RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), Sys.Materializer());
        Assert.Equal(pages.Count, read.Count);
        Assert.All(pages.Zip(read), both => Assert.Equal(both.First, both.Second));
        Assert.All(read.SelectMany(page => page).Select(row => row[6]).OfType<DateTime>(), time => Assert.Equal(DateTimeKind.Utc, time.Kind));
    }

    [Fact]
    public async Task An_error_comes_behind_the_rows_before_it_as_what_it_is()
    {
        var columns = new[] { new QueryColumn("n", ColumnType.Integer) };
        foreach (var error in new Exception[]
        {
            new QueryException("no memory", error: QueryError.Query), new QueryException("gone", error: QueryError.Unreachable),
            new QueryStoppedException(QueryFailure.TimedOut, "too long"), new IOException("disk"),
        })
        {
            var seen = new List<long>();
            var thrown = await Record.ExceptionAsync(() => Source.Single<IReadOnlyList<object?[]>>([[1L]]).Concat(Source.Failed<IReadOnlyList<object?[]>>(error))
                .Via(RowFrames.Encode(columns)).Via(RowFrames.Decode(columns)).RunForeach(page => seen.Add((long)page[0][0]!), Sys.Materializer()));
            Assert.Equal([1L], seen);
            Assert.Equal(error.Message, thrown!.Message);
            switch (error)
            {
                case QueryException refused:
                    Assert.Equal(refused.Error, Assert.IsType<QueryException>(thrown).Error);
                    break;
                case QueryStoppedException stopped:
                    Assert.Equal(stopped.Why, Assert.IsType<QueryStoppedException>(thrown).Why);
                    break;
                default:
                    Assert.Equal(QueryError.Engine, Assert.IsType<QueryException>(thrown).Error);
                    break;
            }
        }
    }

    private static object?[] Row(Random random, int length)
    {
        object?[] row =
        [
            new string('é', random.Next(length)), random.NextInt64(long.MinValue, long.MaxValue), BigInteger.Pow(random.NextInt64(), 2) * (random.Next(2) == 0 ? 1 : -1),
            new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)), random.NextDouble(), random.Next(2) == 0,
            DateTime.UnixEpoch.AddMicroseconds(random.NextInt64(-1_000_000_000_000_000, 4_000_000_000_000_000)), DateOnly.FromDayNumber(random.Next(0, 3_000_000)),
        ];
        return [.. row.Select(value => random.Next(6) == 0 ? null : value)];
    }
}

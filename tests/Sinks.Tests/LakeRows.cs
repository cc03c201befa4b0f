using System.Globalization;
using ParquetSharp;
using StockActors.Market;

namespace StockActors.Sinks.Tests;

/// <summary>
/// Rows as text, made in two ways that share no code with each other or the lake: from ticks, and from Parquet files by their logical
/// types.
/// </summary>
internal static class LakeRows
{
    /// <summary>The row that a tick is to be, with its partition before it.</summary>
    public static string Expected(Tick tick)
    {
        var time = DateTime.UnixEpoch.AddTicks((long)Math.Floor(tick.TsEvent / 100m));
        var millis = DateTime.UnixEpoch.AddMilliseconds((double)Math.Floor(tick.TsEvent / 1_000_000m));
        List<object?> row = [tick.Symbol, tick.TsEvent, millis, tick.Sequence, tick.RunId, Snake(tick.Source)];
        string partition;
        switch (tick.Kind)
        {
            case TickKind.Trade:
                partition = $"trades/dt={time:yyyy-MM-dd}/hour={time:HH}";
                var trade = tick.Trade;
                var side = trade.Side switch { Side.Ask => "A", Side.Bid => "B", _ => "N" };
                row.AddRange([Money(trade.Price), trade.Size, side, trade.TradeId, Class(trade.Aggressor), Class(trade.Resting)]);
                AddBook(row, tick.Book);
                break;
            case TickKind.Quote:
                partition = $"quotes/dt={time:yyyy-MM-dd}/hour={time:HH}";
                AddBook(row, tick.Book);
                break;
            case TickKind.Status:
                partition = $"status/dt={time:yyyy-MM-dd}/hour={time:HH}";
                var status = tick.Status;
                row.AddRange([Snake(status.Action), status.Reason, status.IsTrading, Money(status.LimitUp), Money(status.LimitDown)]);
                break;
            case TickKind.Order:
                partition = $"orders/dt={time:yyyy-MM-dd}/hour={time:HH}";
                var order = tick.Order;
                var isOfOne = order.Side != Side.None;
                row.AddRange([Snake(order.Action), isOfOne ? order.OrderId : null, order.Side switch { Side.Ask => "A", Side.Bid => "B", _ => "N" }, Money(order.Price)]);
                row.AddRange([isOfOne ? order.Size : null, isOfOne ? order.Remaining : null, order.TradeId, order.IsLast]);
                break;
            case TickKind.Truth:
                partition = $"truth/dt={time:yyyy-MM-dd}/hour={time:HH}";
                var truth = tick.Truth!;
                row.AddRange([Snake(truth.Kind).Replace('_', '-'), truth.Began, truth.Side switch { Side.Ask => "A", Side.Bid => "B", _ => "N" }]);
                row.AddRange([Money(truth.Price), truth.Size, truth.Filled, truth.Events]);
                break;
            case TickKind.Run:
                partition = $"runs/dt={time:yyyy-MM-dd}/hour={time:HH}";
                row.AddRange([tick.Run!.Seed, tick.Run.Scenario, tick.Run.Configuration]);
                break;
            default:
                var bar = tick.Bar!;
                var dt = bar.Interval is "1d" or "24h" or "1w" or "3mo" ? $"{time:yyyy}" : $"{time:yyyy-MM-dd}";
                partition = $"bars/interval={bar.Interval}/dt={dt}";
                row.AddRange([Money(bar.Open), Money(bar.High), Money(bar.Low), Money(bar.Close)]);
                row.AddRange([Money(bar.AdjClose), bar.Volume, Money(bar.CloseUsd)]);
                break;
        }

        return $"{partition}|{string.Join('|', row.Select(Text))}";
    }

    /// <summary>The rows of a file, in order, with its partition before each.</summary>
    public static IEnumerable<string> In(CommittedObject file, byte[] content)
    {
        using var reader = new ParquetFileReader(new MemoryStream(content));
        var rows = Enumerable.Range(0, (int)reader.FileMetaData.NumRows).Select(_ => new List<object?>()).ToList();
        var start = 0;
        for (var g = 0; g < reader.FileMetaData.NumRowGroups; g++)
        {
            using var group = reader.RowGroup(g);
            var count = (int)group.MetaData.NumRows;
            for (var c = 0; c < reader.FileMetaData.NumColumns; c++)
            {
                using var column = group.Column(c);
                using var logical = column.LogicalReader();
                var values = logical.Apply(new AllValues(count));
                for (var i = 0; i < count; i++)
                    rows[start + i].Add(values[i]);
            }

            start += count;
        }

        return rows.Select(row => $"{file.Partition.Table}/{file.Partition.Path}|{string.Join('|', row.Select(Text))}").ToList();
    }

    private static void AddBook(List<object?> row, BestBidOffer book)
    {
        foreach (var level in new[] { book.Bid, book.Ask })
            row.AddRange([Money(level?.Price), level?.Size, level?.Count]);
    }

    private static decimal? Money(long? price) => price / 1_000_000_000m;

    private static string Snake<T>(T value) where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => (char.IsUpper(c) && i > 0 ? "_" : "") + char.ToLowerInvariant(c)));

    private static string Class(AgentClass agent) => agent == AgentClass.Unknown ? "" : Snake(agent);

    private static string Text(object? value) => value switch
    {
        null => "null",
        decimal money => money.ToString("0.000000000", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture).TrimEnd('Z'),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private sealed class AllValues(int count) : ILogicalColumnReaderVisitor<object?[]>
    {
        public object?[] OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> reader) => [.. reader.ReadAll(count).Cast<object?>()];
    }
}

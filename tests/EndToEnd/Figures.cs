using System.Globalization;
using StockActors.Market;

namespace StockActors.EndToEnd;

/// <summary>What the tables of a run count and sum up to, written so that those of a topic and of any engine compare as text.</summary>
public static class Figures
{
    /// <summary>Modulo this, a sum over nanoseconds stays within an engine's BIGINT.</summary>
    private const long Prime = 1_000_003;

    private static readonly (TickKind Kind, string Sql)[] Tables =
    [
        (TickKind.Trade, $"select count(*), sum(price * size), sum(sequence), sum(trade_id), sum(ts_event % {Prime}), sum(bid_sz) from trades"),
        (TickKind.Quote, $"select count(*), sum(bid_px * bid_sz), sum(sequence), sum(ask_px * ask_sz), sum(ts_event % {Prime}), sum(bid_sz) from quotes"),
        (TickKind.Status, $"select count(*), sum(sequence), sum(ts_event % {Prime}) from status"),
    ];

    /// <summary>What a reader of committed records adds up.</summary>
    public static async Task<string> OfTopicAsync(string kafka, string topic)
    {
        var sums = Tables.ToDictionary(table => table.Kind, table => new decimal[table.Sql.Split(',').Length]);
        await TopicRecords.EachAsync(kafka, topic, (_, tick) =>
        {
            var (sum, at) = (sums[tick.Kind], 0);
            var (bid, ask) = (tick.Book.Bid, tick.Book.Ask);
            Add(1);
            switch (tick.Kind)
            {
                case TickKind.Trade:
                    Add(Price.ToDecimal(tick.Trade.Price) * tick.Trade.Size);
                    Add(tick.Sequence);
                    Add(tick.Trade.TradeId);
                    break;
                case TickKind.Quote:
                    Add(bid is { } b ? Price.ToDecimal(b.Price) * b.Size : null);
                    Add(tick.Sequence);
                    Add(ask is { } a ? Price.ToDecimal(a.Price) * a.Size : null);
                    break;
                default:
                    Add(tick.Sequence);
                    break;
            }

            Add(tick.TsEvent % Prime);
            if (tick.Kind != TickKind.Status)
                Add(bid?.Size);

            void Add(decimal? value) => sum[at++] += value ?? 0;
        });
        return Text(Tables.Select(table => sums[table.Kind]));
    }

    /// <summary>What an engine says.</summary>
    /// <param name="ask">Runs a statement that has one row, and returns its fields as text.</param>
    public static async Task<string> ByAsync(Func<string, Task<string[]>> ask)
    {
        var sums = new List<decimal[]>();
        foreach (var (_, sql) in Tables)
            sums.Add([.. (await ask(sql)).Select(field => field.Length == 0 ? 0 : decimal.Parse(field, CultureInfo.InvariantCulture))]);
        return Text(sums);
    }

    private static string Text(IEnumerable<decimal[]> sums) => string.Join('\n', Tables.Zip(sums, (table, figures) =>
        $"{table.Kind}: {string.Join(' ', figures.Select(figure => figure.ToString("0.#########", CultureInfo.InvariantCulture)))}"));
}

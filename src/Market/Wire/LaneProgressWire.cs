using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace StockActors.Market.Wire;

/// <summary>
/// The value of a record of the topic <c>&lt;topic&gt;.progress</c>: JSON such as
/// <c>{"version":2,"run_id":"r1","lane":3,"time":1767623400000000000,"markets":[["S001",1201,44,426.16,"9ae16a3b2f90404f",800,31]]}</c>. A market's
/// columns are symbol, next sequence, next trade id, previous close (decimal), checksum (16 hexadecimal digits), and the last sequence
/// and trade id of the days before; where the run tells its orders, also the sequence of the next record of one, and the last of the days before; where it tells the
/// truth, the same two of its records behind those, which are 0 then where it tells no orders.
/// </summary>
public static class LaneProgressWire
{
    private const int Version = 2;
    private const int Columns = 7;
    private const int ColumnsWithOrders = 9;
    private const int ColumnsWithTruth = 11;

    private static readonly JsonRecord Record = new("progress record");

    /// <summary>Writes a lane's progress.</summary>
    public static void Encode(LaneProgress progress, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("run_id", progress.RunId);
        json.WriteNumber("lane", progress.Lane);
        json.WriteNumber("time", progress.Time);
        json.WriteStartArray("markets");
        foreach (var market in progress.Markets)
        {
            json.WriteStartArray();
            json.WriteStringValue(market.Symbol);
            json.WriteNumberValue(market.NextSequence);
            json.WriteNumberValue(market.NextTradeId);
            json.WriteNumberValue(Price.ToDecimal(market.PreviousClose));
            json.WriteStringValue(market.Checksum.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteNumberValue(market.SequencesBefore);
            json.WriteNumberValue(market.TradesBefore);
            if (market.NextOrder > 0 || market.NextTruth > 0)
            {
                json.WriteNumberValue(market.NextOrder);
                json.WriteNumberValue(market.OrdersBefore);
            }

            if (market.NextTruth > 0)
            {
                json.WriteNumberValue(market.NextTruth);
                json.WriteNumberValue(market.TruthBefore);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a lane's progress.</summary>
    /// <exception cref="FormatException">
    /// The value is no progress record, was written by a newer build, or breaks a rule that a lane relies on.
    /// </exception>
    public static LaneProgress Decode(ReadOnlySpan<byte> value) => Record.Read(value, Version, root =>
        new LaneProgress(Record.Text(root, "run_id"), Record.Lane(root), Record.Time(root), Markets(Record.Member(root, "markets"))));

    private static MarketPosition[] Markets(JsonElement rows)
    {
        if (rows.ValueKind != JsonValueKind.Array)
            throw Record.Broken("markets is no array");
        var markets = new MarketPosition[rows.GetArrayLength()];
        for (var i = 0; i < markets.Length; i++)
        {
            markets[i] = Market(rows[i], $"markets[{i}]");
            if (i > 0 && string.CompareOrdinal(markets[i - 1].Symbol, markets[i].Symbol) >= 0)
                throw Record.Broken($"markets[{i}] '{markets[i].Symbol}' does not come after '{markets[i - 1].Symbol}'");
        }

        return markets;
    }

    private static MarketPosition Market(JsonElement row, string where)
    {
        var columns = row.ValueKind == JsonValueKind.Array ? row.GetArrayLength() : 0;
        if (columns is not (Columns or ColumnsWithOrders or ColumnsWithTruth))
            throw Record.Broken($"{where} is no array of {Columns}, {ColumnsWithOrders} or {ColumnsWithTruth}");
        var (hasOrders, hasTruth) = (columns >= ColumnsWithOrders, columns == ColumnsWithTruth);
        var symbol = Record.Symbol(row[0], $"{where} symbol");
        if (row[3].ValueKind != JsonValueKind.Number || !Price.TryParse(row[3].GetRawText(), out var previousClose))
            throw Record.Broken($"{where} previous close {Excerpt.Of(row[3].GetRawText())} is no price");
        var digits = Record.TextOf(row[4], $"{where} checksum");
        if (digits.Length != 16 || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum))
            throw Record.Broken($"{where} checksum '{Excerpt.Of(digits)}' is not 16 hexadecimal digits");
        return new MarketPosition(symbol, From1(row[1], $"{where} next sequence"), From1(row[2], $"{where} next trade id"),
            previousClose, checksum, From0(row[5], $"{where} sequences before"), From0(row[6], $"{where} trades before"),
            hasTruth ? From0(row[7], $"{where} next order") : hasOrders ? From1(row[7], $"{where} next order") : 0, hasOrders ? From0(row[8], $"{where} orders before") : 0,
            hasTruth ? From1(row[9], $"{where} next truth") : 0, hasTruth ? From0(row[10], $"{where} truth before") : 0);
    }

    private static long From0(JsonElement element, string what) =>
        Record.Integer(element, what) is >= 0 and var number ? number : throw Record.Broken($"{what} is below 0");

    private static long From1(JsonElement element, string what) =>
        Record.Integer(element, what) is >= 1 and var number ? number : throw Record.Broken($"{what} is below 1");
}

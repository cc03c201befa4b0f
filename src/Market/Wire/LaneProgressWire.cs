using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace StockActors.Market.Wire;

/// <summary>
/// The value of a record of the topic <c>&lt;topic&gt;.progress</c>: JSON such as
/// <c>{"version":1,"run_id":"r1","lane":3,"time":1767623400000000000,"markets":[["S001",1201,44,426.16,"9ae16a3b2f90404f"]]}</c>. A market's
/// columns are symbol, next sequence, next trade id, previous close (decimal) and checksum (16 hexadecimal digits).
/// </summary>
public static class LaneProgressWire
{
    private const int Version = 1;
    private const int Columns = 5;

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
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a lane's progress.</summary>
    /// <exception cref="FormatException">
    /// The value is no progress record, was written by a newer build, or breaks a rule that a lane relies on.
    /// </exception>
    public static LaneProgress Decode(ReadOnlySpan<byte> value)
    {
        try
        {
            using var json = JsonDocument.Parse(value.ToArray());
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Broken("it is no JSON object");
            var version = Integer(Member(root, "version"), "version");
            if (version != Version)
            {
                throw Broken(version > Version
                    ? $"its version {version} is newer than this build, which reads {Version}: upgrade the node"
                    : $"its version {version} does not exist");
            }

            var lane = Integer(Member(root, "lane"), "lane");
            if (lane is < 0 or > int.MaxValue)
                throw Broken($"lane {lane} does not exist");
            return new LaneProgress(Text(Member(root, "run_id"), "run_id"), (int)lane, Integer(Member(root, "time"), "time"),
                Markets(Member(root, "markets")));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The progress record cannot be read: {e.Message}", e);
        }
    }

    private static MarketPosition[] Markets(JsonElement rows)
    {
        if (rows.ValueKind != JsonValueKind.Array)
            throw Broken("markets is no array");
        var markets = new MarketPosition[rows.GetArrayLength()];
        for (var i = 0; i < markets.Length; i++)
        {
            markets[i] = Market(rows[i], $"markets[{i}]");
            if (i > 0 && string.CompareOrdinal(markets[i - 1].Symbol, markets[i].Symbol) >= 0)
                throw Broken($"markets[{i}] '{markets[i].Symbol}' does not come after '{markets[i - 1].Symbol}'");
        }

        return markets;
    }

    private static MarketPosition Market(JsonElement row, string where)
    {
        if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != Columns)
            throw Broken($"{where} is no array of {Columns}");
        var symbol = Text(row[0], $"{where} symbol");
        if (!Symbol.IsValid(symbol))
            throw Broken($"{where} symbol '{Excerpt.Of(symbol)}' is no symbol");
        if (row[3].ValueKind != JsonValueKind.Number || !Price.TryParse(row[3].GetRawText(), out var previousClose))
            throw Broken($"{where} previous close {Excerpt.Of(row[3].GetRawText())} is no price");
        var digits = Text(row[4], $"{where} checksum");
        if (digits.Length != 16 || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum))
            throw Broken($"{where} checksum '{Excerpt.Of(digits)}' is not 16 hexadecimal digits");
        return new MarketPosition(symbol, From1(row[1], $"{where} next sequence"), From1(row[2], $"{where} next trade id"),
            previousClose, checksum);
    }

    private static JsonElement Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) ? member : throw Broken($"{name} is missing");

    private static string Text(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Broken($"{what} is no text");

    private static long Integer(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : throw Broken($"{what} is no integer");

    private static long From1(JsonElement element, string what) =>
        Integer(element, what) is >= 1 and var number ? number : throw Broken($"{what} is below 1");

    private static FormatException Broken(string why) => new($"The progress record cannot be read: {why}.");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using StockActors.Market.Wire;

namespace StockActors.Market.Tests;

public class JsonWireTests
{
    private const string PlainTrade =
        """{"symbol":"S032","ts":1763388000000,"sequence":1,"price":426.16,"size":800,"side":"A","venue":"XSIM","trade_id":1}""";

    private const string TutorialRow =
        """{"Index":"HSI","Date":"1986-12-31","Open":2568.300049,"High":2568.300049,"Low":2568.300049,"Close":2568.300049,"Adj Close":2568.300049,"Volume":0.0,"CloseUSD":333.87900637000004}""";

    [Fact]
    public void A_tick_written_as_json_reads_as_the_same_tick() => TickGen.Any.Sample(tick => Assert.Equal(tick, Wire.Decode(Wire.Encode(tick, WireFormat.Json))));

    [Fact]
    public void Both_formats_read_as_the_same_tick() => TickGen.Any.Sample(tick =>
        Assert.Equal(Wire.Decode(Wire.Encode(tick, WireFormat.Protobuf)), Wire.Decode(Wire.Encode(tick, WireFormat.Json))));

    [Fact]
    public void What_we_write_is_json_with_the_names_and_figures_of_the_tick() => TickGen.Trade.Sample(tick =>
    {
        using var json = JsonDocument.Parse(Wire.Encode(tick, WireFormat.Json));
        var root = json.RootElement;
        Assert.Equal("trade", root.GetProperty("kind").GetString());
        Assert.Equal(tick.Symbol, root.GetProperty("symbol").GetString());
        Assert.Equal(tick.TsEvent, root.GetProperty("ts_event").GetInt64());
        Assert.Equal(tick.Sequence, IntegerOrNull(root, "sequence"));
        Assert.Equal(tick.RunId, root.TryGetProperty("run_id", out var run) ? run.GetString() : "");
        Assert.Equal(TickNames.Of(tick.Source), root.GetProperty("source").GetString());
        Assert.Equal(Price.ToDecimal(tick.Trade.Price), root.GetProperty("price").GetDecimal());
        Assert.Equal(tick.Trade.Size, root.GetProperty("size").GetInt64());
        Assert.Equal(TickNames.Of(tick.Trade.Side), root.GetProperty("side").GetString());
        Assert.Equal(tick.Trade.TradeId, IntegerOrNull(root, "trade_id"));
        Assert.Equal(tick.Book.Bid?.Size, IntegerOrNull(root, "bid_sz"));
        Assert.Equal(tick.Book.Ask?.Count, IntegerOrNull(root, "ask_ct"));
        Assert.Equal(tick.Book.Ask?.Price, root.TryGetProperty("ask_px", out var ask) ? (long)(ask.GetDecimal() * Price.One) : null);
    });

    [Fact]
    public void A_trade_looks_like_this() => Assert.Equal(
        """{"kind":"trade","symbol":"S032","ts_event":1763388000000000000,"sequence":41,"run_id":"run-1","source":"sim","price":426.16,"size":800,"side":"A","trade_id":7,"aggressor":"institution","resting":"market_maker","bid_px":426.16,"bid_sz":1200,"bid_ct":5,"ask_px":426.17,"ask_sz":300}""",
        Encoding.UTF8.GetString(Wire.Encode(Some.Trade, WireFormat.Json)));

    [Fact]
    public void Members_may_come_in_any_order_with_unknown_ones_nulls_and_escapes_between() => Gen.Select(TickGen.Any, Gen.Int).Sample((tick, seed) =>
    {
        var random = new Random(seed);
        using var json = JsonDocument.Parse(Wire.Encode(tick, WireFormat.Json));
        var members = json.RootElement.EnumerateObject().Select(m => $"{Quote(m.Name, random)} : {Respell(m.Value, random)}")
            .Append("""  "venue":{"a":[1,{"kind":"quote"}]}""").Append("\"lücke\":\"\\ud83d\"").Append("\"x\":-1.5e400").ToList();
        if (tick.Sequence is null)
            members.Add("\"sequence\":null");
        if (tick.Kind is TickKind.Trade or TickKind.Quote && tick.Book.Bid is null)
            members.Add("\"bid_px\":null,\"bid_sz\":null");
        var order = members.ToArray();
        random.Shuffle(order);
        Assert.Equal(tick, Wire.DecodeJson($" {{ {string.Join(",\r\n", order)} }} \n"));
    });

    [Fact]
    public void A_record_cut_at_any_byte_says_where() => TickGen.Any.Sample(tick =>
    {
        var whole = Wire.Encode(tick, WireFormat.Json);
        for (var length = 1; length < whole.Length; length++)
            Assert.Equal($"JSON ends in the middle of a value at byte {length}", Wire.ReasonOf(whole.AsSpan(0, length)));
    }, iter: 200);

    [Fact]
    public void A_damaged_record_never_throws_and_never_reads_where_a_json_parser_refuses() =>
        Gen.Select(TickGen.Any, Damage.Gen).Sample((tick, damage) => Judge(damage.Of(Wire.Encode(tick, WireFormat.Json))), iter: 20_000);

    [Fact]
    public void A_plain_record_is_read_as_the_same_tick_as_one_with_an_escape_in_it() =>
        Gen.Select(TickGen.Any, Damage.Gen, Gen.Bool).Sample((tick, damage, isDamaged) =>
        {
            var plain = Wire.Encode(tick, WireFormat.Json);
            plain = isDamaged ? damage.Of(plain) : plain;
            if (plain is not [(byte)'{', not ((byte)'}' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'), ..])
                return;
            byte[] escaped = [.. "{\"\\u005f\":0,"u8, .. plain.AsSpan(1)];
            var (isRead, isReadEscaped) = (Wire.Decoder.TryDecode(plain, out var read, out _), Wire.Decoder.TryDecode(escaped, out var readEscaped, out _));
            Assert.Equal(isReadEscaped, isRead);
            if (isRead)
                Assert.Equal(readEscaped, read);
        }, iter: 20_000);

    [Fact]
    public void Random_text_never_throws() => Gen.Char["{}[]\":,0123456789.-+eEntruflas\\u \n"].Array[0, 40]
        .Sample(chars => Judge(Encoding.UTF8.GetBytes("{" + new string(chars))), iter: 20_000);

    [Fact]
    public void A_known_trade_or_quote_decodes_without_allocating()
    {
        var decoder = new TickDecoder();
        byte[][] values = [Wire.Encode(Some.Trade, WireFormat.Json), Wire.Encode(Some.Quote, WireFormat.Json), Encoding.UTF8.GetBytes(PlainTrade)];
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var value in values)
                Assert.True(decoder.TryDecode(value, out _, out _));
        }));
    }

    [Fact]
    public void What_a_decoder_has_read_before_does_not_change_what_it_reads() =>
        Gen.Select(TickGen.Any.Array[2, 8], Damage.Gen.Array[8], Gen.Int).Sample((ticks, damages, seed) =>
        {
            // Records of a few producers, each with its own order and white space, some of them damaged, in turn.
            var random = new Random(seed);
            var values = ticks.SelectMany(tick => new[] { Wire.Encode(tick, WireFormat.Json), Spaced(tick, random.Next(3)) })
                .SelectMany((value, i) => random.Next(4) == 0 ? [damages[i % damages.Length].Of(value), value] : new[] { value }).ToArray();
            var decoder = new TickDecoder();
            foreach (var value in values.Concat(values))
            {
                var isRead = decoder.TryDecode(value, out var tick, out var reason);
                Assert.Equal(new TickDecoder().TryDecode(value, out var expected, out var expectedReason), isRead);
                Assert.Equal(expectedReason, reason);
                if (isRead)
                    Assert.Equal(expected, tick);
            }
        }, iter: 2_000);

    [Fact]
    public void Numbers_of_any_length_are_read_as_decimal_reads_them() => Gen.Select(Gen.Long, Gen.Int[0, 20], Gen.Char['0', '9'].Array[0, 12]).Sample((whole, shift, fraction) =>
    {
        var price = (whole >> (shift * 3)).ToString(CultureInfo.InvariantCulture) + (fraction.Length == 0 ? "" : "." + new string(fraction));
        var isRead = Wire.Decoder.TryDecode(Encoding.UTF8.GetBytes($"{{\"symbol\":\"S\",\"ts\":1,\"price\":{price},\"size\":1}}"), out var tick, out _);
        var expected = decimal.Parse(price, CultureInfo.InvariantCulture);
        if (Math.Abs(expected) > Price.ToDecimal(Price.Max))
            Assert.False(isRead, price);
        else if (fraction.Length <= 9)
            Assert.Equal((price, expected), (price, Price.ToDecimal(tick.Trade.Price)));
    }, iter: 20_000);

    [Fact]
    public void Records_whose_names_are_all_different_cost_no_memory()
    {
        var decoder = new TickDecoder();
        var values = Enumerable.Range(0, 3_000).Select(i => Encoding.UTF8.GetBytes($$"""{"x{{i}}":1,"a name that is longer than the longest of ours {{i}}":"y","symbol":"S","ts":1,"price":1,"size":1}""")).ToArray();
        var next = 0;
        Read(1_000);
        Assert.Equal(0, Allocations.Of(() => Read(100)));

        void Read(int records)
        {
            for (; records > 0; records--)
                Assert.True(decoder.TryDecode(values[next++], out _, out _));
        }
    }

    [Fact]
    public void The_tutorials_row_is_an_external_daily_bar() => Assert.Equal(
        new Tick
        {
            Kind = TickKind.Bar,
            Source = TickSource.External,
            Symbol = "HSI",
            RunId = "",
            TsEvent = UnixNanos.From(new DateOnly(1986, 12, 31)),
            Bar = new Bar(2_568_300_049_000, 2_568_300_049_000, 2_568_300_049_000, 2_568_300_049_000, 2_568_300_049_000, 0, 333_879_006_370, "1d"),
        },
        Wire.DecodeJson(TutorialRow));

    [Fact]
    public void The_tutorials_row_may_have_its_figures_as_text_and_more_columns()
    {
        var row = """{"":17,"Index":"HSI","Date":"1986-12-31","Open":"2568.300049","High":"2568.300049","Low":"2568.300049","Close":"2568.300049","Adj Close":"2568.300049","Volume":"0.0","CloseUSD":"333.87900637000004"}""";
        Assert.Equal(Wire.DecodeJson(TutorialRow), Wire.DecodeJson(row));
    }

    [Fact]
    public void A_plain_trade_is_external_and_has_its_time_in_milliseconds() => Assert.Equal(
        new Tick
        {
            Kind = TickKind.Trade,
            Source = TickSource.External,
            Symbol = "S032",
            RunId = "",
            TsEvent = 1_763_388_000_000_000_000,
            Sequence = 1,
            Trade = new Trade(426_160_000_000, 800, Side.Ask, 1, AgentClass.Unknown, AgentClass.Unknown),
        },
        Wire.DecodeJson(PlainTrade));

    [Theory]
    [InlineData("""{"symbol":"S","ts_event":5,"price":1,"size":1}""", TickKind.Trade)]
    [InlineData("""{"symbol":"S","ts_event":5,"price":1,"size":1,"bid_px":1,"bid_sz":1,"action":"T"}""", TickKind.Trade)]
    [InlineData("""{"symbol":"S","ts_event":5,"bid_px":1,"bid_sz":1}""", TickKind.Quote)]
    [InlineData("""{"symbol":"S","ts_event":5,"ask_px":1,"ask_sz":1,"action":"M"}""", TickKind.Quote)]
    [InlineData("""{"symbol":"S","ts_event":5,"action":"open"}""", TickKind.Status)]
    [InlineData("""{"symbol":"S","ts_event":5,"open":1,"high":1,"low":1,"close":1,"interval":"5m"}""", TickKind.Bar)]
    [InlineData("""{"symbol":"S","ts_event":5,"kind":"quote","price":"none","side":"buy","open":true}""", TickKind.Quote)]
    public void The_kind_is_inferred_where_it_is_not_said(string json, TickKind kind) => Assert.Equal(kind, Wire.DecodeJson(json).Kind);

    [Theory]
    [InlineData("\"price\":\"x\",\"price\":2", 2)]
    [InlineData("\"price\":1,\"price\":2", 2)]
    [InlineData("\"price\":2,\"price\":null", 2)]
    public void The_last_of_a_repeated_member_counts(string prices, long expected) =>
        Assert.Equal(expected * Price.One, Wire.DecodeJson($$"""{"symbol":"S","ts":3,"size":1,{{prices}}}""").Trade.Price);

    [Theory]
    [InlineData("\"ts\":3,\"ts_event\":5", 5)]
    [InlineData("\"ts_event\":5,\"ts\":3", 5)]
    [InlineData("\"ts\":-3", -3_000_000)]
    [InlineData("\"ts_event\":\"-9223372036854775808\"", long.MinValue)]
    [InlineData("\"Date\":\"1970-01-02\",\"ts\":3", 3_000_000)]
    public void Nanoseconds_win_over_milliseconds(string times, long expected) =>
        Assert.Equal(expected, Wire.DecodeJson($$"""{"symbol":"S","price":1,"size":1,{{times}}}""").TsEvent);

    [Theory]
    [InlineData("price", "426.16", 426_160_000_000)]
    [InlineData("price", "\"426.16\"", 426_160_000_000)]
    [InlineData("price", "0.1000000005", 100_000_000)]
    [InlineData("price", "0.1000000015", 100_000_002)]
    [InlineData("price", "4.2616e2", 426_160_000_000)]
    [InlineData("price", "999999999.999999999", Price.Max)]
    [InlineData("size", "800.0", 800)]
    public void Figures_are_read_digit_by_digit(string name, string text, long expected)
    {
        var trade = Wire.DecodeJson(Replace(name, text)).Trade;
        Assert.Equal(expected, name == "price" ? trade.Price : trade.Size);
    }

    [Fact]
    public void A_byte_order_mark_and_white_space_may_stand_in_front()
    {
        Assert.Equal(Wire.DecodeJson(PlainTrade), Wire.Decode(Encoding.UTF8.GetBytes("\uFEFF \r\n\t" + PlainTrade)));
        Assert.Equal("JSON ends in the middle of a value at byte 11", Wire.ReasonOf("\uFEFF{\"price\""));
        Assert.Contains("at byte 4:", Wire.ReasonOf("\uFEFF{price}"));
    }

    [Theory]
    [InlineData("symbol", "\"\"", "symbol: ''")]
    [InlineData("symbol", "\"A B\"", "symbol: 'A B' is not 1 to 32")]
    [InlineData("symbol", "12", "symbol: 12 is no text")]
    [InlineData("symbol", "[1]", "symbol: an array stands")]
    [InlineData("symbol", "null", "symbol: missing")]
    [InlineData("ts", "null", "ts_event: missing")]
    [InlineData("ts", "9223372036855", "ts: 9223372036855 milliseconds are not in the years")]
    [InlineData("ts", "1.5", "ts: 1.5 is no integer of 64 bits")]
    [InlineData("sequence", "0", "sequence: 0 is below 1")]
    [InlineData("sequence", "9223372036854775808", "sequence: 9223372036854775808 is no integer")]
    [InlineData("price", "\"12x\"", "price: '12x' is no decimal number")]
    [InlineData("price", "1000000000", "price: 1000000000 is no decimal number within ±999999999.999999999")]
    [InlineData("price", "{\"px\":1}", "price: an object stands")]
    [InlineData("price", "null", "kind: missing")]
    [InlineData("size", "0", "size: 0 is not above 0")]
    [InlineData("size", "-5", "size: -5 is not above 0")]
    [InlineData("size", "1e19", "size: 1e19 is no decimal number that rounds")]
    [InlineData("side", "\"buy\"", "side: 'buy' is none of N, A, B")]
    [InlineData("trade_id", "\"x\"", "trade_id: 'x' is no integer")]
    [InlineData("venue", "0,\"kind\":\"deal\"", "kind: 'deal' is none of trade, quote, status, bar, order, truth, run")]
    [InlineData("venue", "0,\"kind\":\"status\"", "action: missing")]
    [InlineData("venue", "0,\"source\":\"ours\"", "source: 'ours' is none of external, sim")]
    [InlineData("venue", "0,\"aggressor\":\"whale\"", "aggressor: 'whale' is none of noise")]
    [InlineData("venue", "0,\"bid_px\":1", "bid_px: given without bid_sz")]
    [InlineData("venue", "0,\"ask_sz\":1", "ask_sz: given without ask_px")]
    [InlineData("venue", "0,\"ask_ct\":1", "ask_ct: given without ask_px")]
    [InlineData("venue", "0,\"ask_px\":1,\"ask_sz\":-1", "ask_sz: -1 is below 0")]
    [InlineData("venue", "0,\"ask_px\":1,\"ask_sz\":1,\"ask_ct\":-1", "ask_ct: -1 is below 0")]
    [InlineData("venue", "0,\"ask_px\":1,\"ask_sz\":1,\"ask_ct\":3000000000", "ask_ct: 3000000000 is no integer of 32 bits")]
    [InlineData("venue", "\"\\ud800\",\"run_id\":\"\\ud800\"", "run_id: '\\ud800' is no text in valid UTF-8")]
    public void A_plain_trade_is_refused_by_the_field_that_is_wrong(string name, string text, string reason) =>
        Assert.StartsWith(reason, Wire.ReasonOf(Replace(name, text)));

    [Theory]
    [InlineData("\"truth\":\"spoofing\"", "\"truth\":\"layering\"", "truth: 'layering' is none of value, metaorder, fat-finger, spoofing, flash-crash, feed-gap")]
    [InlineData("\"truth\":\"spoofing\",", "", "truth: missing")]
    [InlineData("\"began\":1763387990000000000,", "", "began: missing")]
    [InlineData("\"filled\":300", "\"filled\":-1", "filled: -1 is below 0")]
    [InlineData("\"events\":24", "\"events\":2.5", "events: 2.5 is no integer of 64 bits")]
    public void A_truth_is_refused_by_the_field_that_is_wrong(string part, string instead, string reason)
    {
        var truth = Encoding.UTF8.GetString(Wire.Encode(Some.Truth, WireFormat.Json));
        Assert.Contains(part, truth, StringComparison.Ordinal);
        Assert.StartsWith(reason, Wire.ReasonOf(truth.Replace(part, instead)));
    }

    [Theory]
    [InlineData("\"High\":2568.300049", "\"High\":2568", "high: 2568 is below low 2568.300049")]
    [InlineData("\"Open\":2568.300049", "\"Open\":2568", "open: 2568 is outside low 2568.300049 to high 2568.300049")]
    [InlineData("\"Close\":2568.300049", "\"Close\":2569", "close: 2569 is outside")]
    [InlineData("\"Close\":2568.300049", "\"Close\":\"\"", "close: '' is no decimal number")]
    [InlineData("\"Volume\":0.0", "\"Volume\":-1", "volume: -1 is below 0")]
    [InlineData("1986-12-31", "31.12.1986", "Date: '31.12.1986' is no date such as 1986-12-31")]
    [InlineData("1986-12-31", "1986-02-30", "Date: '1986-02-30' is no date")]
    [InlineData("1986-12-31", "0986-02-01", "Date: '0986-02-01' is no date")]
    [InlineData("\"Index\":\"HSI\"", "\"Index\":\"\"", "symbol: ''")]
    [InlineData("\"Index\"", "\"interval\":\"1y\",\"Index\"", "interval: '1y' is no number")]
    [InlineData("\"Index\"", "\"interval\":\"01d\",\"Index\"", "interval: '01d' is no number")]
    [InlineData("\"Index\"", "\"interval\":\"d\",\"Index\"", "interval: 'd' is no number")]
    public void A_bar_is_refused_by_the_field_that_is_wrong(string part, string instead, string reason)
    {
        var row = TutorialRow.Replace(part, instead);
        Assert.NotEqual(TutorialRow, row);
        Assert.StartsWith(reason, Wire.ReasonOf(row));
    }

    [Theory]
    [InlineData("", "the value is empty")]
    [InlineData(" ", "JSON ends in the middle of a value at byte 1")]
    [InlineData(" [1]", "JSON holds no object at byte 1")]
    [InlineData("{}", "kind: missing")]
    [InlineData("{} x", "JSON goes on behind its object at byte 3")]
    [InlineData("{\n\"a\":1,\n b}", "JSON is broken at byte 10: ")]
    [InlineData("hello", "neither JSON nor Tick of ticks.proto: the field at byte 2 is a group")]
    public void What_is_no_object_is_refused_by_the_byte(string json, string reason) => Assert.StartsWith(reason, Wire.ReasonOf(json));

    [Fact]
    public void A_foreign_text_in_a_reason_is_short_and_printable()
    {
        var reason = Wire.ReasonOf(Replace("symbol", $"\"\\u0007\a{new string('x', 5000)}\"".Replace("\a", "")));
        Assert.True(reason.Length < 200);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    private static void Judge(byte[] value)
    {
        if (Wire.Decoder.TryDecode(value, out _, out var reason))
        {
            if (value[0] == '{')
                JsonDocument.Parse(value).Dispose();
        }
        else
        {
            Assert.False(string.IsNullOrWhiteSpace(reason));
        }
    }

    private static string Replace(string name, string text)
    {
        using var json = JsonDocument.Parse(PlainTrade);
        return "{" + string.Join(",", json.RootElement.EnumerateObject().Select(m => $"\"{m.Name}\":{(m.Name == name ? text : m.Value.GetRawText())}")) + "}";
    }

    private static long? IntegerOrNull(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static byte[] Spaced(Tick tick, int style)
    {
        using var json = JsonDocument.Parse(Wire.Encode(tick, WireFormat.Json));
        var members = json.RootElement.EnumerateObject().Select(m => style == 0 ? $"\"{m.Name}\": {m.Value.GetRawText()}" : $"\t\"{m.Name}\" :{m.Value.GetRawText()}");
        return Encoding.UTF8.GetBytes("{" + string.Join(style == 2 ? " , " : ",", style == 1 ? members.Reverse() : members) + "}");
    }

    private static string Quote(string name, Random random) =>
        random.Next(2) == 0 ? $"\"{name}\"" : $"\"{string.Concat(name.Select(c => $"\\u{(int)c:X4}"))}\"";

    private static string Respell(JsonElement value, Random random) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!, random) is var quoted && quoted[1] == '\\' ? quoted : value.GetRawText(),
        JsonValueKind.Number when random.Next(2) == 0 => $"\"{value.GetRawText()}\"",
        _ => value.GetRawText(),
    };
}

using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using StockActors.Market.Wire;
using WireFormat = StockActors.Market.Wire.WireFormat;

namespace StockActors.Market.Tests;

public class ProtobufWireTests
{
    [Fact]
    public void What_we_write_is_what_generated_code_writes() => TickGen.Any.Sample(tick =>
    {
        var ours = Wire.Encode(tick);
        var generated = GeneratedTicks.From(tick);
        Assert.Equal(generated, GeneratedTicks.Parse(ours));
        Assert.Equal(generated.ToByteArray(), ours);
    });

    [Fact]
    public void What_generated_code_writes_reads_as_the_same_tick() => TickGen.Any.Sample(tick =>
        Assert.Equal(tick, Wire.Decode(GeneratedTicks.From(tick).ToByteArray())));

    [Fact]
    public void Fields_may_come_in_any_order_with_unknown_ones_of_every_wire_type_between() => Gen.Select(TickGen.Any, Gen.Int).Sample((tick, seed) =>
    {
        var shuffled = ProtobufFields.Shuffle(Wire.Encode(tick), new Random(seed));
        Assert.Equal(GeneratedTicks.From(tick), GeneratedTicks.Parse(shuffled));
        if (!FirstByteIsAmbiguous(shuffled))
            Assert.Equal(tick, Wire.Decode(shuffled));
    });

    [Fact]
    public void Repeated_fields_and_bodies_merge_as_generated_code_merges_them() => Gen.Select(TickGen.Any, TickGen.Any).Sample((first, second) =>
    {
        byte[] both = [.. Wire.Encode(first), .. Wire.Encode(second)];
        Assert.Equal(GeneratedTicks.ToTick(GeneratedTicks.Parse(both)), Wire.Decode(both));
    });

    [Fact]
    public void A_record_cut_at_any_byte_has_a_reason() => TickGen.Any.Sample(tick =>
    {
        var whole = Wire.Encode(tick);
        for (var length = 0; length < whole.Length; length++)
            Wire.ReasonOf(whole.AsSpan(0, length));
    }, iter: 200);

    [Fact]
    public void Random_bytes_never_throw_and_never_read_as_what_generated_code_refuses() => Gen.Byte.Array[0, 80].Sample(Judge, iter: 20_000);

    [Fact]
    public void A_damaged_record_never_throws_and_never_reads_as_what_generated_code_refuses() =>
        Gen.Select(TickGen.Any, Damage.Gen).Sample((tick, damage) => Judge(damage.Of(Wire.Encode(tick))), iter: 20_000);

    [Fact]
    public void Numbers_of_more_bytes_than_they_need_are_read() => Gen.Select(TickGen.Any, Gen.Int[1, 4]).Sample((tick, padding) =>
    {
        var fields = ProtobufFields.Split(Wire.Encode(tick with { Sequence = 77 }));
        var at = fields.FindIndex(f => f[0] == 0x28);
        fields[at] = [0xA8, .. Enumerable.Repeat((byte)0x80, padding - 1), 0x00, 77 | 0x80, .. Enumerable.Repeat((byte)0x80, padding), 0x00];
        Assert.Equal(77, Wire.Decode(ProtobufFields.Join(fields)).Sequence);
    });

    [Fact]
    public void Of_a_choices_number_the_low_32_bits_count_as_in_generated_code()
    {
        // Source 2^32 + 2, behind the one that is there.
        byte[] value = [.. Wire.Encode(Some.Trade), 0x08, 0x82, 0x80, 0x80, 0x80, 0x10];
        Assert.Equal(GeneratedTicks.ToTick(GeneratedTicks.Parse(value)), Wire.Decode(value));
        Assert.Equal(TickSource.Replay, Wire.Decode(value).Source);
    }

    [Theory]
    [InlineData(0x08, 5, "source: 5 is not known to this build")]
    [InlineData(0x28, 0, "sequence: 0 is below 1")]
    public void A_number_that_a_field_cannot_have_is_refused_by_the_field(byte tag, byte number, string reason) =>
        Assert.Equal(reason, Wire.ReasonOf([.. Wire.Encode(Some.Trade), tag, number]));

    [Theory]
    [InlineData(0x18, 3, "side: 3 is not known to this build")]
    [InlineData(0x28, 6, "aggressor: 6 is not known to this build")]
    [InlineData(0x30, 6, "resting: 6 is not known to this build")]
    [InlineData(0x10, 0, "size: 0 is not above 0")]
    public void A_number_that_a_trades_field_cannot_have_is_refused_by_the_field(byte tag, byte number, string reason) =>
        Assert.Equal(reason, Wire.ReasonOf([.. Wire.Encode(Some.Trade), 0x32, 2, tag, number]));

    [Fact]
    public void A_price_beyond_decimal_18_9_is_refused() => Gen.OneOf(Gen.Long[long.MinValue, -Price.Max - 1], Gen.Long[Price.Max + 1, long.MaxValue]).Sample(units =>
    {
        var generated = GeneratedTicks.From(Some.Trade);
        generated.Trade.AskPx = units;
        Assert.StartsWith("ask_px: ", Wire.ReasonOf(generated.ToByteArray()));
        generated = GeneratedTicks.From(Some.Bar);
        generated.Bar.CloseUsd = units;
        Assert.StartsWith("close_usd: ", Wire.ReasonOf(generated.ToByteArray()));
        generated = GeneratedTicks.From(Some.Status);
        generated.Status.LimitDown = units;
        Assert.StartsWith("limit_down: ", Wire.ReasonOf(generated.ToByteArray()));
    });

    [Fact]
    public void Text_that_is_not_utf8_is_refused_by_its_field()
    {
        Assert.StartsWith("run_id: '?", Wire.ReasonOf([.. Wire.Encode(Some.Trade), 0x22, 2, 0xC3, 0x28]));
        Assert.StartsWith("symbol: ", Wire.ReasonOf([.. Wire.Encode(Some.Trade), 0x12, 3, (byte)'A', (byte)' ', (byte)'B']));
    }

    [Fact]
    public void A_record_without_a_source_is_external()
    {
        var fields = ProtobufFields.Split(Wire.Encode(Some.Trade with { Source = TickSource.Sim }));
        Assert.Equal(Some.Trade with { Source = TickSource.External }, Wire.Decode(ProtobufFields.Join(fields.Where(f => f[0] != 0x08))));
    }

    [Fact]
    public void No_field_of_a_tick_begins_like_json()
    {
        var wireTypes = new Dictionary<FieldType, int>
        {
            [FieldType.Enum] = 0,
            [FieldType.Int64] = 0,
            [FieldType.SFixed64] = 1,
            [FieldType.String] = 2,
            [FieldType.Message] = 2,
        };
        foreach (var field in Ticks.V1.Tick.Descriptor.Fields.InDeclarationOrder())
        {
            Assert.True(field.FieldNumber < 16);
            Assert.DoesNotContain((byte)((field.FieldNumber << 3) | wireTypes[field.FieldType]), "\t\n\r {"u8.ToArray());
        }
    }

    [Fact]
    public void A_known_trade_or_quote_decodes_without_allocating()
    {
        var decoder = new TickDecoder();
        byte[][] values = [Wire.Encode(Some.Trade), Wire.Encode(Some.Quote)];
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var value in values)
                Assert.True(decoder.TryDecode(value, out _, out _));
        }));
    }

    [Fact]
    public void A_tick_encodes_without_allocating()
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>(64 * 1024);
        Tick[] ticks = [Some.Trade, Some.Quote, Some.Status, Some.Bar, Some.Order, Some.Truth, Some.Run];
        Assert.Equal(0, Allocations.Of(() =>
        {
            writer.ResetWrittenCount();
            foreach (var tick in ticks)
            {
                TickEncoder.Encode(tick, WireFormat.Protobuf, writer);
                TickEncoder.Encode(tick, WireFormat.Json, writer);
            }
        }));
    }

    [Fact]
    public void A_tick_that_is_none_is_refused_by_name()
    {
        Assert.Contains("symbol", Assert.Throws<ArgumentException>(() => Wire.Encode(default)).Message);
        Assert.Contains("Bar is null", Assert.Throws<ArgumentException>(() => Wire.Encode(new Tick { Symbol = "S", Kind = TickKind.Bar })).Message);
        Assert.Contains("Truth is null", Assert.Throws<ArgumentException>(() => Wire.Encode(new Tick { Symbol = "S", Kind = TickKind.Truth })).Message);
        Assert.Contains("Run is null", Assert.Throws<ArgumentException>(() => Wire.Encode(new Tick { Symbol = "S", Kind = TickKind.Run })).Message);
        Assert.Contains("kind 9", Assert.Throws<ArgumentException>(() => Wire.Encode(new Tick { Symbol = "S", Kind = (TickKind)9 })).Message);
    }

    private static void Judge(byte[] value)
    {
        if (FirstByteIsAmbiguous(value))
            return;
        if (Wire.Decoder.TryDecode(value, out var tick, out var reason))
        {
            Assert.True(GeneratedTicks.TryParse(value, out var generated));
            Assert.Equal(GeneratedTicks.ToTick(generated), tick);
            Assert.Null(reason);
        }
        else
        {
            Assert.False(string.IsNullOrWhiteSpace(reason));
        }
    }

    // Unknown fields of foreign numbers in front may begin like JSON; ticks.proto forbids its own fields to.
    private static bool FirstByteIsAmbiguous(byte[] value) => value.Length > 0 && "\t\n\r {\u00EF".Contains((char)value[0]);
}

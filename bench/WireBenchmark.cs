using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using StockActors.Market;
using StockActors.Market.Wire;
using V1 = StockActors.Ticks.V1;
using WireFormat = StockActors.Market.Wire.WireFormat;

namespace StockActors.Bench;

/// <summary>
/// Ticks to bytes and back, in both formats: our reader and writer against the classes that protoc generates, and against System.Text.Json's
/// source-generated serializer. Each baseline reads and writes its own class and no more: it judges nothing and interns nothing.
/// </summary>
internal sealed partial class WireBenchmark : Benchmark
{
    private const int Count = 4096;
    private const int Symbols = 100;

    private readonly Tick[] _ticks = [.. Enumerable.Range(0, Count).Select(MakeTick)];
    private readonly ArrayBufferWriter<byte> _buffer = new(4 << 20);
    private readonly TickDecoder _decoder = new();

    /// <inheritdoc/>
    public override string Name => "wire";

    /// <inheritdoc/>
    public override string Summary => "encoding and decoding ticks, one core: trades and quotes of 100 symbols, against generated code";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run()
    {
        var generated = Array.ConvertAll(_ticks, Generated);
        var plain = Array.ConvertAll(_ticks, Plain);
        var protobuf = Array.ConvertAll(_ticks, tick => Encoded(tick, WireFormat.Protobuf));
        var json = Array.ConvertAll(_ticks, tick => Encoded(tick, WireFormat.Json));

        yield return Race.Run("wire.encode.protobuf", "ticks", () => Encode(WireFormat.Protobuf), () =>
        {
            _buffer.ResetWrittenCount();
            foreach (var tick in generated)
                tick.WriteTo(_buffer);
            return Count;
        });
        yield return Race.Run("wire.decode.protobuf", "ticks", () => Decode(protobuf), () =>
        {
            foreach (var value in protobuf)
                V1.Tick.Parser.ParseFrom(value);
            return Count;
        });
        yield return Race.Run("wire.encode.json", "ticks", () => Encode(WireFormat.Json), () =>
        {
            _buffer.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(_buffer);
            foreach (var tick in plain)
            {
                JsonSerializer.Serialize(writer, tick, PlainJson.Default.PlainTick);
                writer.Reset();
            }

            return Count;
        });
        yield return Race.Run("wire.decode.json", "ticks", () => Decode(json), () =>
        {
            foreach (var value in json)
                JsonSerializer.Deserialize(value, PlainJson.Default.PlainTick);
            return Count;
        });
    }

    private int Encode(WireFormat format)
    {
        _buffer.ResetWrittenCount();
        foreach (ref readonly var tick in _ticks.AsSpan())
            TickEncoder.Encode(tick, format, _buffer);
        return Count;
    }

    private int Decode(byte[][] values)
    {
        foreach (var value in values)
        {
            if (!_decoder.TryDecode(value, out _, out var reason))
                throw new InvalidOperationException(reason);
        }

        return Count;
    }

    private static byte[] Encoded(Tick tick, WireFormat format)
    {
        var writer = new ArrayBufferWriter<byte>();
        TickEncoder.Encode(tick, format, writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>A third are trades, the rest quotes, as a market with makers has it; prices move by cents around each symbol's own level.</summary>
    internal static Tick MakeTick(int i)
    {
        var symbol = i * 37 % Symbols;
        var bid = (10_00 + (symbol * 4_31) + (i % 23)) * (Price.One / 100);
        var tick = new Tick
        {
            Kind = i % 3 == 0 ? TickKind.Trade : TickKind.Quote,
            Source = TickSource.Sim,
            Symbol = $"S{symbol:D3}",
            TsEvent = 1_767_623_400_000_000_000 + (i * 1_713_331L),
            Sequence = 1_000 + i,
            RunId = "2026-01-05-seed-42",
            Book = new BestBidOffer(
                new BookLevel(bid, 100 * (1 + (i % 40)), 1 + (i % 9)),
                new BookLevel(bid + (Price.One / 100), 100 * (1 + (i % 31)), 1 + (i % 7))),
        };
        return tick.Kind == TickKind.Quote ? tick : tick with
        {
            Trade = new Trade(bid, 100 * (1 + (i % 5)), Side.Ask, 1 + (i / 3), AgentClass.Noise, AgentClass.MarketMaker),
        };
    }

    private static V1.Tick Generated(Tick tick) => V1.Tick.Parser.ParseFrom(Encoded(tick, WireFormat.Protobuf));

    private static PlainTick Plain(Tick tick) => JsonSerializer.Deserialize(Encoded(tick, WireFormat.Json), PlainJson.Default.PlainTick)!;

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(PlainTick))]
    private sealed partial class PlainJson : JsonSerializerContext;
}

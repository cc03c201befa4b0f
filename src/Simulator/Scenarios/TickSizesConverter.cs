using System.Text.Json;
using System.Text.Json.Serialization;

namespace StockActors.Simulator.Scenarios;

/// <summary>One step is a number in JSON, several are a list.</summary>
internal sealed class TickSizesConverter : JsonConverter<TickSizes>
{
    public override TickSizes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return new TickSizes([new TickSizeBand { From = 0, Step = reader.GetDecimal() }]);
        try
        {
            var bands = JsonSerializer.Deserialize<IReadOnlyList<TickSizeBand>>(ref reader, options)!;
            return bands.Contains(null) ? throw new JsonException("a band is null.") : new TickSizes(bands);
        }
        catch (JsonException e)
        {
            // Its path begins at the list: the reader of the whole puts its own before it.
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TickSizes value, JsonSerializerOptions options)
    {
        if (value.Bands is [{ From: 0 } only])
            writer.WriteNumberValue(only.Step);
        else
            JsonSerializer.Serialize(writer, value.Bands, options);
    }
}

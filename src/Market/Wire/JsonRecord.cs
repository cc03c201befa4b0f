using System.Text.Json;

namespace StockActors.Market.Wire;

/// <summary>A versioned JSON object as it stands beside a topic's ticks, read member by member; what can't be taken is named.</summary>
/// <param name="what">What it is, for errors: "progress record".</param>
internal sealed class JsonRecord(string what)
{
    /// <summary>Reads an object of this version.</summary>
    /// <exception cref="FormatException">It is none, or breaks a rule.</exception>
    public T Read<T>(ReadOnlySpan<byte> value, int version, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(value.ToArray());
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Broken("it is no JSON object");
            var found = Integer(Member(root, "version"), "version");
            if (found != version)
            {
                throw Broken(found > version
                    ? $"its version {found} is newer than this build, which reads {version}: upgrade the node"
                    : $"its version {found} does not exist");
            }

            return read(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The {what} cannot be read: {e.Message}", e);
        }
    }

    public JsonElement Member(JsonElement root, string name) => root.TryGetProperty(name, out var member) ? member : throw Broken($"{name} is missing");

    public string Text(JsonElement root, string name) => TextOf(Member(root, name), name);

    public string TextOf(JsonElement element, string where) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Broken($"{where} is no text");

    public long Integer(JsonElement element, string where) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : throw Broken($"{where} is no integer");

    public int Lane(JsonElement root)
    {
        var lane = Integer(Member(root, "lane"), "lane");
        return lane is >= 0 and <= int.MaxValue ? (int)lane : throw Broken($"lane {lane} does not exist");
    }

    public long Time(JsonElement root) => Integer(Member(root, "time"), "time");

    public string Symbol(JsonElement element, string where)
    {
        var symbol = TextOf(element, where);
        return Market.Symbol.IsValid(symbol) ? symbol : throw Broken($"{where} '{Excerpt.Of(symbol)}' is no symbol");
    }

    public FormatException Broken(string why) => new($"The {what} cannot be read: {why}.");
}

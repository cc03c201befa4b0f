using System.Buffers;
using System.Text.Json;

namespace StockActors.Market.Wire;

/// <summary>
/// An intervention's record in the topic <c>&lt;topic&gt;.progress</c>, partition = lane. Its value is JSON such as
/// <c>{"version":1,"run_id":"r1","lane":3,"id":"fault:S001:1201","symbol":"S001","kind":"halt","reason":"fault","time":1767623400000000000}</c>; a shock has its <c>size</c> too.
/// </summary>
public static class InterventionWire
{
    private const int Version = 1;

    private static readonly string[] Kinds = ["halt", "resume", "shock"];
    private static readonly JsonRecord Record = new("intervention record");

    /// <summary>What the keys of all of a run's interventions begin with; there are slashes in it, which no run's name has.</summary>
    public static string KeysOf(string runId) => $"intervention/{runId}/";

    /// <summary>The record's key.</summary>
    public static string KeyOf(Intervention intervention) => KeysOf(intervention.RunId) + intervention.Id;

    /// <summary>Writes an intervention.</summary>
    public static void Encode(Intervention intervention, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("run_id", intervention.RunId);
        json.WriteNumber("lane", intervention.Lane);
        json.WriteString("id", intervention.Id);
        json.WriteString("symbol", intervention.Symbol);
        json.WriteString("kind", Kinds[(int)intervention.Kind]);
        json.WriteString("reason", intervention.Reason);
        json.WriteNumber("time", intervention.Time);
        if (intervention.Kind == InterventionKind.Shock)
            json.WriteNumber("size", intervention.Size);
        json.WriteEndObject();
    }

    /// <summary>Reads an intervention.</summary>
    /// <exception cref="FormatException">The value is no intervention, was written by a newer build, or breaks a rule that a lane relies on.</exception>
    public static Intervention Decode(ReadOnlySpan<byte> value) => Record.Read(value, Version, root =>
    {
        var id = Record.Text(root, "id");
        if (!Intervention.IsValidId(id))
            throw Record.Broken($"id '{Excerpt.Of(id)}' is no id");
        var name = Record.Text(root, "kind");
        var kind = Array.IndexOf(Kinds, name);
        if (kind < 0)
            throw Record.Broken($"kind '{Excerpt.Of(name)}' is not known to this build");
        var size = (InterventionKind)kind == InterventionKind.Shock ? Record.Integer(Record.Member(root, "size"), "size") : 0;
        if (size is < Intervention.LeastShock or > Intervention.LargestShock)
            throw Record.Broken($"size {size} is out of range, {Intervention.LeastShock} to {Intervention.LargestShock}");
        return new Intervention(Record.Text(root, "run_id"), Record.Lane(root), id, Record.Symbol(Record.Member(root, "symbol"), "symbol"),
            (InterventionKind)kind, Record.Text(root, "reason"), Record.Time(root), size);
    });
}

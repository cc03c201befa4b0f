using System.Buffers;

namespace StockActors.Market.Wire;

/// <summary>Writes ticks as the values of log records.</summary>
public static class TickEncoder
{
    /// <summary>Writes one tick. Allocates nothing. What it says is not judged; a reader judges it.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="format">Protobuf (ticks.proto) or JSON with the same names.</param>
    /// <param name="writer">Where to; it is asked for one span and advanced once.</param>
    /// <exception cref="ArgumentException">The tick has no symbol, is a bar, a truth or a run without its part, or is of a kind that does not exist.</exception>
    public static void Encode(in Tick tick, WireFormat format, IBufferWriter<byte> writer)
    {
        if (tick.Symbol is null)
            throw new ArgumentException("A tick without a symbol cannot be written.", nameof(tick));
        if (tick.Kind > TickKind.Run)
            throw new ArgumentException($"A tick of kind {tick.Kind} cannot be written: this build knows no such kind.", nameof(tick));
        if (tick.Kind switch { TickKind.Bar => tick.Bar is null, TickKind.Truth => tick.Truth is null, TickKind.Run => tick.Run is null, _ => false })
            throw new ArgumentException($"A tick of kind {tick.Kind} whose {tick.Kind} is null cannot be written.", nameof(tick));
        switch (format)
        {
            case WireFormat.Protobuf:
                ProtobufTickWriter.Write(tick, writer);
                break;
            case WireFormat.Json:
                JsonTickWriter.Write(tick, writer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "There are two wire formats.");
        }
    }

    /// <summary>How many characters the texts of a tick's own part have.</summary>
    internal static int CharsOf(in Tick tick) => tick.Kind switch
    {
        TickKind.Status => tick.Status.Reason?.Length ?? 0,
        TickKind.Bar => tick.Bar!.Interval.Length,
        TickKind.Run => tick.Run!.Scenario.Length + tick.Run.Configuration.Length,
        _ => 0,
    };
}

namespace StockActors.Market;

/// <summary>Where a tick comes from; one is never passed off as another.</summary>
public enum TickSource : byte
{
    /// <summary>A foreign producer (<c>external</c>).</summary>
    External = 0,

    /// <summary>Our simulation (<c>sim</c>).</summary>
    Sim = 1,

    /// <summary>A file replayed as it is (<c>replay</c>).</summary>
    Replay = 2,

    /// <summary>Ticks synthesised inside replayed bars (<c>replay_synth</c>).</summary>
    ReplaySynth = 3,
}

using System.Buffers;

namespace StockActors.Market;

/// <summary>
/// The ticks of one lane within one step of simulated time, ordered by time, with the records that go beside them (<see cref="TickFeeds"/>), and the lane's
/// progress at the step's end. It travels whole: from
/// the markets to the log, and into one transaction.
/// </summary>
/// <remarks>The array is pooled. Whoever takes the batch off the stream disposes of it, once, after the last use of <see cref="Ticks"/>.</remarks>
public sealed class TickBatch : IDisposable
{
    private Tick[]? _ticks;
    private readonly int _count;

    private TickBatch(Tick[] ticks, int count, LaneProgress progress, IReadOnlyList<Intervention> interventions) =>
        (_ticks, _count, Progress, Interventions) = (ticks, count, progress, interventions);

    /// <summary>The ticks, by <see cref="Tick.TsEvent"/>; within one symbol by <see cref="Tick.Sequence"/>, of each <see cref="TickFeed"/> on its own. Values of a standstill are older: they come when it ends.</summary>
    /// <exception cref="ObjectDisposedException">The batch was disposed of.</exception>
    public ReadOnlySpan<Tick> Ticks
    {
        get
        {
            ObjectDisposedException.ThrowIf(_ticks is null, this);
            return _ticks.AsSpan(0, _count);
        }
    }

    /// <summary>How many ticks there are; 0 is possible, the progress counts all the same.</summary>
    public int Count => _count;

    /// <summary>Where the lane stands after these ticks.</summary>
    public LaneProgress Progress { get; }

    /// <summary>What was done to its markets at the step's beginning.</summary>
    public IReadOnlyList<Intervention> Interventions { get; }

    /// <summary>Takes over an array that was rented from <see cref="ArrayPool{T}.Shared"/>.</summary>
    public static TickBatch Own(Tick[] rented, int count, LaneProgress progress, IReadOnlyList<Intervention>? interventions = null) =>
        new(rented, count, progress, interventions ?? []);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ticks, null) is { } ticks)
            ArrayPool<Tick>.Shared.Return(ticks, clearArray: false);
    }
}

namespace StockActors.Pipeline;

/// <summary>
/// How far a publisher may run ahead of ingest on a broker that forgets (<see cref="EmbeddedBroker"/>): it waits for the chain's end as it waits for
/// Kafka's demand elsewhere.
/// </summary>
/// <param name="limit">Bytes of keys and values that may stand in the lane without being in the lake.</param>
public sealed class LaneWindow(long limit)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private long _ahead;

    /// <summary>Waits until there is room, and takes it. What is larger than the whole window goes when the window is empty.</summary>
    public async Task TakeAsync(long bytes, CancellationToken cancel)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_ahead == 0 || _ahead + bytes <= limit)
                {
                    _ahead += bytes;
                    return;
                }

                room = (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancel);
        }
    }

    /// <summary>Gives room back: so much of the lane has come into the lake, a foreign producer's records included.</summary>
    public void Give(long bytes)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _ahead = Math.Max(0, _ahead - bytes);
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.SetResult();
    }
}

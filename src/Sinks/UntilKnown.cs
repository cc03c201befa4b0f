using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>Repeats a conditional put until its outcome is known.</summary>
/// <param name="after">The most that is waited before the first repetition, and half of it the least; it doubles up to a hundred times of this.</param>
/// <param name="time">The clock.</param>
internal sealed class UntilKnown(TimeSpan after, TimeProvider time)
{
    private const int Longest = 100;

    // Waits alone count: whoever was paused meanwhile has not tried.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    /// <summary>Puts.</summary>
    /// <returns>What the put said when it said something.</returns>
    /// <exception cref="LakeException">It has said nothing for too long. What became of it stands in the lake, for whoever looks there next.</exception>
    public async Task<bool> PutAsync(Func<Task<bool>> put, CancellationToken cancellation)
    {
        var waited = TimeSpan.Zero;
        for (var delay = after; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, after.Ticks * Longest)))
        {
            try
            {
                return await put();
            }
            catch (OutcomeUnknownException e)
            {
                if (waited > GiveUpAfter)
                {
                    throw new LakeException(
                        $"What became of a put to the lake could not be found out for {waited.TotalSeconds:0} s: {e.Message} "
                        + "Check that the store can be reached from here; nothing is lost, start again when it can.",
                        e);
                }

                // Those that were refused together do not come back together.
                var wait = delay * ((1 + Random.Shared.NextDouble()) / 2);
                waited += wait;
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    /// <summary>The same for what is done or fails.</summary>
    public Task DoAsync(Func<Task> act, CancellationToken cancellation) => PutAsync(
        async () =>
        {
            await act();
            return true;
        },
        cancellation);
}

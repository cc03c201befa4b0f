using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>Repeats a conditional put until its outcome is known.</summary>
/// <param name="after">How long to wait before the first repetition; it doubles up to a hundred times of this.</param>
/// <param name="time">The clock.</param>
internal sealed class UntilKnown(TimeSpan after, TimeProvider time)
{
    private const int Longest = 100;

    /// <summary>Puts.</summary>
    /// <returns>What the put said when it said something.</returns>
    public async Task<bool> PutAsync(Func<Task<bool>> put, CancellationToken cancellation)
    {
        for (var delay = after; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, after.Ticks * Longest)))
        {
            try
            {
                return await put();
            }
            catch (OutcomeUnknownException)
            {
                await Task.Delay(delay, time, cancellation);
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

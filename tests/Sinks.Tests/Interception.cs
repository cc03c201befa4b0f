using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

/// <summary>What happens to one process's calls of the store and the log. Calls are counted from 1.</summary>
internal sealed class Interception
{
    private int _calls;
    private volatile bool _isDead;

    /// <summary>What to do with a call that is the n-th, and whether it is a conditional put; by default let it pass.</summary>
    public Func<int, bool, Fate> FateOf { get; init; } = (_, _) => Fate.Pass;

    /// <summary>Awaited before a call happens, with its key.</summary>
    public Func<string, Task> Gate { get; init; } = _ => Task.CompletedTask;

    public int Calls => _calls;

    public void Kill() => _isDead = true;

    public async Task<T> RunAsync<T>(Func<Task<T>> call, bool isConditional, string key)
    {
        if (_isDead)
            throw new Crash();
        await Gate(key);
        if (_isDead)
            throw new Crash();
        var fate = FateOf(Interlocked.Increment(ref _calls), isConditional);
        if (fate == Fate.DieBefore)
        {
            _isDead = true;
            throw new Crash();
        }

        if (fate == Fate.UnknownBefore)
            throw new OutcomeUnknownException("nothing happened");
        var result = await call();
        if (fate == Fate.DieAfter)
        {
            _isDead = true;
            throw new Crash();
        }

        return fate == Fate.UnknownAfter ? throw new OutcomeUnknownException("it happened") : result;
    }
}

using System.Collections.Concurrent;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Chain;

/// <summary>
/// What the lanes of a process have found when they looked for partitions' plans, so that not each of them asks for itself. That there is none is an answer only for a
/// chain whose head was read before it was asked for: whoever makes a plan later puts its move on that chain.
/// </summary>
/// <remarks>It is thread-safe.</remarks>
internal class PlanLookups
{
    private readonly ConcurrentDictionary<TablePartition, (long Asked, MovePlan? Plan)> _found = [];
    private long _now;

    /// <summary>A moment: what is asked for later, by whichever lane, has a greater one.</summary>
    public long Now() => Interlocked.Increment(ref _now);

    /// <summary>A partition's plan, as <see cref="MovePlan.FindAsync"/> finds it.</summary>
    /// <param name="store">Where to look.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="headRead">The moment at which the head of the lane's chain had been read.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<MovePlan?> FindAsync(IObjectStore store, TablePartition partition, long headRead, CancellationToken cancellation)
    {
        if (_found.TryGetValue(partition, out var found) && (found.Plan is not null || Counts(found.Asked, headRead)))
            return found.Plan;
        var asked = Now();
        var plan = await MovePlan.FindAsync(store, partition, cancellation);
        _found[partition] = (asked, plan);
        return plan;
    }

    /// <summary>Whether it counts that there was none.</summary>
    protected virtual bool Counts(long asked, long headRead) => asked > headRead;
}

using StockActors.Market;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Compaction;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>Puts a deliberate bug between the protocol and what it stands on, or in the place of one of a compaction's steps.</summary>
internal static class Mutations
{
    public static (Lake Lake, ILaneLog Log) OfWriter(
        Mutation mutation, SimulatedLake lake, SimulatedLane lane, SimulatedLife life, PlanLookups plans, TimeProvider time)
    {
        IObjectStore store = mutation == Mutation.None ? new SimulatedStore(lake, life) : new MutatedStore(mutation, lake, life, time);
        ILaneLog log = new SimulatedLog(lane, lake, life);
        ICatalogue catalogue = new DirectoryCatalogue(store);
        if (mutation == Mutation.CommitBeforeTheCatalogue)
        {
            var late = new LateCatalogue(catalogue);
            (log, catalogue) = (new EarlyCommit(log, late), late);
        }

        return (new Lake("lake", store, catalogue, () => new LineFormat()) { Plans = plans }, log);
    }

    public static PlanLookups Plans(Mutation mutation) => mutation == Mutation.ShareLookUpsFromBeforeTheHead ? new AllCount() : new PlanLookups();

    public static PartitionCompaction Steps(
        Mutation mutation, SimulatedLake simulated, Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim,
        TimeProvider time) => mutation switch
        {
            Mutation.MoveOnlyWhereRowsAre => new MoveWhereRowsAre(lake, partition, walks, options, claim, time),
            Mutation.CompactFromAListing => new FromListing(lake, partition, walks, options, claim, time),
            Mutation.CutDifferently => new OwnCut(lake, partition, walks, options, claim, time),
            Mutation.SwitchTwice => new Again(simulated, lake, partition, walks, options, claim, time),
            Mutation.TakeEarlyLateRowsAsInput => new LateRowsToo(lake, partition, walks, options, claim, time),
            _ => new PartitionCompaction(lake, partition, walks, options, claim, time),
        };

    private sealed class AllCount : PlanLookups
    {
        protected override bool Counts(long asked, long headRead) => true;
    }

    private sealed class LateCatalogue(ICatalogue catalogue) : ICatalogue
    {
        private readonly List<TablePartition> _due = [];

        public Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation)
        {
            _due.Add(partition);
            return Task.CompletedTask;
        }

        public async Task CatchUpAsync()
        {
            foreach (var partition in _due)
                await catalogue.EnsurePartitionAsync(partition, default);
            _due.Clear();
        }

        public Task<string?> LocationOfAsync(TablePartition partition, CancellationToken cancellation) => catalogue.LocationOfAsync(partition, cancellation);

        public Task SwitchAsync(TablePartition partition, string location, CancellationToken cancellation) =>
            catalogue.SwitchAsync(partition, location, cancellation);

        public Task RegisterAsync(LakeTable table, TablePartition partition, string location, CancellationToken cancellation) =>
            catalogue.RegisterAsync(table, partition, location, cancellation);

        public IAsyncEnumerable<PartitionLocation> ListAsync(string table, CancellationToken cancellation) => catalogue.ListAsync(table, cancellation);
    }

    private sealed class EarlyCommit(ILaneLog log, LateCatalogue late) : ILaneLog
    {
        public ValueTask<LogExtent> ExtentAsync(CancellationToken cancellation) => log.ExtentAsync(cancellation);

        public ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancellation) =>
            log.HoldsAsync(position, leaderEpoch, cancellation);

        public Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) => log.DeadLetterAsync(letters, cancellation);

        public async Task CommitAsync(LaneOffset position, CancellationToken cancellation)
        {
            await log.CommitAsync(position, cancellation);
            await late.CatchUpAsync();
        }
    }

    private sealed class MoveWhereRowsAre(
        Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
        : PartitionCompaction(lake, partition, walks, options, claim, time)
    {
        protected override Task<string?> MoveAsync(ChainWalk walk, MovePlan plan, CancellationToken cancellation) =>
            walk.ObjectsOf(Partition).Count == 0 ? Task.FromResult<string?>(null) : base.MoveAsync(walk, plan, cancellation);
    }

    private sealed class FromListing(
        Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
        : PartitionCompaction(lake, partition, walks, options, claim, time)
    {
        private readonly Lake _lake = lake;

        // What is not there is not in a listing either.
        protected override async Task<IReadOnlyList<byte[]>?> ReadAsync(
            IReadOnlyList<(ChainWalk Walk, ChainObject Object)> inputs, CancellationToken cancellation)
        {
            var contents = new List<byte[]>();
            foreach (var (_, listed) in inputs)
            {
                if (await _lake.Objects.GetAsync(listed.Key, cancellation) is { } stored)
                    contents.Add(stored.Content);
            }

            return contents;
        }
    }

    private sealed class OwnCut(
        Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
        : PartitionCompaction(lake, partition, walks, options, claim, time)
    {
        private readonly int _rows = options.RowsPerObject;

        protected override async Task<MovePlan> PlanAsync(MovePlan mine, CancellationToken cancellation) =>
            await base.PlanAsync(mine, cancellation) with { RowsPerObject = _rows };
    }

    private sealed class Again(
        SimulatedLake simulated, Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
        : PartitionCompaction(lake, partition, walks, options, claim, time)
    {
        protected override async Task<MovePlan> PlanAsync(MovePlan mine, CancellationToken cancellation)
        {
            var plan = await base.PlanAsync(mine, cancellation);
            return simulated.Locations[Partition] == plan.Location ? plan with { Location = plan.Location[..^1] + "-again/" } : plan;
        }

        protected override Task<bool> IsSwitchedAsync(CancellationToken cancellation) => Task.FromResult(false);
    }

    private sealed class LateRowsToo(
        Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
        : PartitionCompaction(lake, partition, walks, options, claim, time)
    {
        protected override IEnumerable<(ChainWalk Walk, ChainObject Object)> InputsOf(IReadOnlyList<ChainWalk> chains, MovePlan plan) =>
            from walk in chains
            from listed in walk.ObjectsOf(Partition)
            select (walk, listed);
    }
}

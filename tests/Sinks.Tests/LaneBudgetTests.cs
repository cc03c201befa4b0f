using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.Util;
using StockActors.Market;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests;

public sealed class LaneBudgetTests : IAsyncLifetime
{
    private const int BatchRecords = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = ActorSystem.Create("lane-budget");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Lanes_never_hold_more_than_their_budget_and_a_batch_each_and_every_row_arrives_once(int seed)
    {
        var random = new Random(seed);
        var lakes = Enumerable.Range(0, 6).Select(lane => new LakeUnderTest(new RandomTicks((seed * 100) + lane).Log(200 + random.Next(400)))).ToList();
        var budget = new LaneBudget(20 * EpochBuffer.PartitionBytes);
        const long batch = BatchRecords * (EpochBuffer.PartitionBytes + 1024);
        var most = 0L;
        var running = Task.WhenAll(lakes.Select(RunAsync)).WaitAsync(Patience);
        for (; !running.IsCompleted; await Task.Yield())
            most = Math.Max(most, budget.Held);
        await running;

        foreach (var lake in lakes)
            await lake.CheckCompleteAsync();
        Assert.Equal(0, budget.Held);
        Assert.InRange(most, budget.Bytes / 2, budget.Bytes + (lakes.Count * batch));

        async Task RunAsync(LakeUnderTest lake)
        {
            var writer = lake.Writer(budget: budget);
            var start = await writer.RecoverAsync();
            await Source.Unfold(start.Offset, from =>
                {
                    if (from >= lake.Log.High)
                        return Option<(long, RecordBatch)>.None;
                    var next = lake.Log.Poll(from, BatchRecords);
                    return Option<(long, RecordBatch)>.Create((next.NextOffset, next));
                })
                .Via(LakeSink.Lane(writer)).RunWith(Sink.Ignore<LaneCommitted>(), _system);
        }
    }

    [Fact]
    public void The_lane_that_has_gathered_most_is_cut_before_there_is_no_room_until_half_of_the_budget_is_on_its_way_and_the_first_of_all_early()
    {
        var budget = new LaneBudget(100);
        var told = new List<string>();
        var lanes = new[] { "a", "b", "c" }.ToDictionary(name => name, name => budget.Join(() => told.Add(name)));
        lanes["a"].Gather(20, isReadAgain: false);
        Assert.Empty(told);
        lanes["b"].Gather(10, isReadAgain: false);
        Assert.Equal(["a"], told);
        Assert.True(lanes["a"].IsToBeCut);

        lanes["a"].Cut(20, left: 0, isReadAgain: false);
        lanes["b"].Gather(30, isReadAgain: false);
        lanes["c"].Gather(20, isReadAgain: false);
        Assert.Equal(["a"], told);
        lanes["c"].Gather(25, isReadAgain: false);
        Assert.Equal(["a", "b"], told);
        Assert.True(lanes["b"].IsToBeCut);
        Assert.All(lanes.Values, lane => Assert.True(lane.HasRoom));

        // Half is on its way: the third is cut only when it has gathered more than that again.
        lanes["b"].Cut(30, left: 0, isReadAgain: false);
        lanes["c"].Gather(50, isReadAgain: false);
        Assert.Equal(["a", "b"], told);
        Assert.All(lanes.Values, lane => Assert.False(lane.HasRoom));
        lanes["c"].Gather(55, isReadAgain: false);
        Assert.Equal(["a", "b", "c"], told);

        told.Clear();
        lanes["a"].Write(0);
        Assert.Equal(["a", "b", "c"], told);
        Assert.True(lanes["c"].HasRoom);
    }

    [Fact]
    public void An_epoch_that_is_read_again_goes_on_where_nothing_else_makes_room()
    {
        var budget = new LaneBudget(100);
        var (small, large, other) = (budget.Join(() => { }), budget.Join(() => { }), budget.Join(() => { }));
        small.Gather(40, isReadAgain: true);
        large.Gather(50, isReadAgain: true);
        other.Gather(10, isReadAgain: false);
        Assert.True(other.IsToBeCut);
        Assert.False(large.HasRoom);

        other.Cut(10, left: 0, isReadAgain: false);
        Assert.False(large.HasRoom);
        other.Write(0);
        Assert.True(large.HasRoom);
        large.Gather(120, isReadAgain: true);
        Assert.True(large.HasRoom);
        Assert.False(small.HasRoom);
        Assert.False(large.IsToBeCut);

        // It is whole now.
        large.Gather(130, isReadAgain: false);
        Assert.True(large.IsToBeCut);
        large.Dispose();
        Assert.True(small.HasRoom);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_year_of_late_ticks_arrives_once_and_no_epoch_touches_more_partitions_than_it_may(int seed, bool isInOrder)
    {
        const int most = 40;
        var random = new Random(seed);
        var hours = Enumerable.Range(0, 1_500).Select(_ => random.Next(8_760)).ToList();
        if (isInOrder)
            hours.Sort();
        var log = new TestLog([.. hours.Select((hour, i) =>
        {
            var tick = new Tick
            {
                Kind = TickKind.Status,
                Source = TickSource.Sim,
                Symbol = "S",
                Sequence = i + 1,
                RunId = "late",
                TsEvent = UnixNanos.From(RandomTicks.Now.AddHours(-hour)),
                Status = new StockActors.Market.Status(StatusAction.Open, null, true, null, null),
            };
            return new TestRecord(i, [], RandomTicks.Encode(tick), tick);
        })]);
        var lake = new LakeUnderTest(log);
        var writer = lake.Writer(options: new LaneOptions { MaxPartitions = most });
        await writer.RecoverAsync();
        var batches = new List<RecordBatch>();
        for (var from = 0L; from < log.High; from = batches[^1].NextOffset)
            batches.Add(log.Poll(from, 400));
        var committed = await Source.From(batches).Via(LakeSink.Lane(writer)).RunWith(Sink.Seq<LaneCommitted>(), _system).WaitAsync(Patience);

        await lake.CheckCompleteAsync();
        var chain = new LaneChain(lake.Store, log.TopicId, TestLog.Lane);
        var objects = new List<int>();
        foreach (var epoch in committed.Where(c => c.Epoch is not null))
            objects.Add(((EpochEntry)(await chain.ReadAsync(epoch.Epoch!.N, default))!).Objects.Count);
        Assert.All(objects, count => Assert.InRange(count, 1, most));
        Assert.Equal(most, objects.Max());
    }

    [Fact]
    public async Task An_epoch_that_was_cut_within_a_batch_is_read_again_whole()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(300, dead: false));
        var options = new LaneOptions { MaxPartitions = 3 };
        var crashing = new Interception { FateOf = (call, _) => call == 60 ? Fate.DieAfter : Fate.Pass };
        var first = lake.Writer(crashing, options: options);
        await Assert.ThrowsAsync<Crash>(() => lake.RunAsync(first, 5));
        Assert.True(first.CommittedPosition > lake.Log.Low);

        await lake.RunAsync(lake.Writer(node: "next"), 6);
        await lake.CheckCompleteAsync();
    }
}

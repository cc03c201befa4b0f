using System.Text;
using StockActors.Sinks.Chain;

namespace StockActors.Sinks.Tests;

public class StopTests
{
    [Fact]
    public async Task A_topic_that_is_created_again_while_it_is_read_stops_the_lane_before_the_claim()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(20));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 10));
        lake.Log.TopicId = new string('f', 32);
        await StopsAsync(LaneStop.TopicRecreated, () => writer.FlushAsync());
        Assert.DoesNotContain(Keys(lake), key => key.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_that_begins_above_the_chains_end_stops_the_lane()
    {
        var lake = await WrittenAsync();
        lake.Log.Low = lake.Log.High = lake.Log.High + 10;
        await StopsAsync(LaneStop.LogStartsAboveChain, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task A_log_that_ends_below_the_chains_end_stops_the_lane()
    {
        var lake = await WrittenAsync();
        lake.Log.High = 5;
        await StopsAsync(LaneStop.LogTruncated, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task A_log_whose_leader_epoch_ended_below_the_chains_end_stops_the_lane()
    {
        var lake = await WrittenAsync();
        lake.Log.Holds = false;
        await StopsAsync(LaneStop.LogTruncated, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task A_range_without_records_is_claimed_when_it_is_old_so_that_its_going_stops_nothing()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(40, dead: false));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 40));
        var end = (await writer.FlushAsync())!.End;
        Assert.True(end < lake.Log.High);
        writer.Add(lake.Log.Poll(end, 1));
        Assert.True(writer.IsIdle);
        lake.Time.Advance(writer.DueIn!.Value);
        Assert.Equal(TimeSpan.Zero, writer.DueIn);
        Assert.Equal((lake.Log.High, 0), ((await writer.FlushAsync())!.End, (await writer.FlushAsync())?.Dead ?? 0));

        lake.Log.Low = lake.Log.High;
        Assert.Equal(lake.Log.High, (await lake.Writer().RecoverAsync()).Offset);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task A_log_that_grows_while_the_chain_is_read_stops_nothing()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(40));
        var high = lake.Log.High;
        lake.Log.High = lake.Log.Low;
        var slow = new Interception
        {
            Gate = async key =>
            {
                if (!key.EndsWith("hint.json", StringComparison.Ordinal) || lake.Log.High == high)
                    return;
                lake.Log.High = high;
                await lake.RunAsync(lake.Writer(node: "other"), 1);
            },
        };
        await lake.RunAsync(lake.Writer(slow), 2);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task A_log_that_lost_records_of_an_unfinished_epoch_stops_the_lane()
    {
        var lake = await UnfinishedAsync();
        lake.Log.Low += 3;
        await StopsAsync(LaneStop.LogStartsAboveEpoch, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task An_object_of_other_rows_with_the_log_gone_stops_the_lane()
    {
        var lake = await WrittenAsync();
        var head = Assert.IsType<EpochEntry>((await new LaneChain(lake.Store, lake.Log.TopicId, TestLog.Lane).HeadAsync(default))!.Last);
        await lake.Store.PutAsync(head.Objects[0].Key, "PAR1"u8.ToArray(), default);
        lake.Log.Low = head.End;
        await StopsAsync(LaneStop.RowsDiffer, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task A_log_that_gives_other_records_than_were_claimed_stops_the_lane()
    {
        var lake = await UnfinishedAsync();
        var changed = lake.Log.Records.Select((record, i) => record with { Value = new RandomTicks(77 + i).Record(0).Value });
        var next = new LakeUnderTest(new TestLog([.. changed], lake.Log.Low), lake.Store);
        await StopsAsync(LaneStop.RowsDiffer, () => next.RunAsync(next.Writer(), 1));
    }

    [Theory]
    [InlineData("""{"n":1,"kind":"merge","topic":"ticks","lane":3}""", LaneStop.EntryNewer)]
    [InlineData("""{"n":1,"kind":"move","topic":"ticks","lane":3}""", LaneStop.EntryUnreadable)]
    [InlineData("""{"n":1,"kind":"skip","topic":"ticks","lane":3}""", LaneStop.EntryUnreadable)]
    [InlineData("""{"n":1,"kind":"open","topic":"ticks","lane":3}""", LaneStop.EntryUnreadable)]
    [InlineData("""{"n":1}""", LaneStop.EntryUnreadable)]
    [InlineData("""[]""", LaneStop.EntryUnreadable)]
    [InlineData("", LaneStop.EntryUnreadable)]
    public async Task An_entry_that_this_build_does_not_know_stops_the_lane(string entry, LaneStop reason)
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(20));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        await lake.Store.PutIfAbsentAsync($"_log/{lake.Log.TopicId}/{TestLog.Lane}/{1:D20}.json", Encoding.UTF8.GetBytes(entry), default);
        await StopsAsync(reason, () => lake.Writer().RecoverAsync());
        writer.Add(lake.Log.Poll(writer.ReadPosition, 10));
        await StopsAsync(reason, () => writer.FlushAsync());
    }

    [Theory]
    [InlineData("\"decoder\":3", "\"decoder\":4", LaneStop.EntryNewer)]
    [InlineData("\"schema\":1", "\"schema\":2", LaneStop.EntryNewer)]
    [InlineData("\"dead\":", "\"codec\":7,\"dead\":", LaneStop.EntryUnreadable)]
    [InlineData("\"lane\":3", "\"lane\":4", LaneStop.EntryUnreadable)]
    public async Task A_changed_epoch_entry_stops_the_lane(string is_, string becomes, LaneStop reason)
    {
        var lake = await WrittenAsync();
        var head = await new LaneChain(lake.Store, lake.Log.TopicId, TestLog.Lane).HeadAsync(default);
        var key = $"_log/{lake.Log.TopicId}/{TestLog.Lane}/{head!.Last.N:D20}.json";
        var json = Encoding.UTF8.GetString((await lake.Store.GetAsync(key, default))!.Content);
        Assert.Contains(is_, json, StringComparison.Ordinal);
        await lake.Store.PutAsync(key, Encoding.UTF8.GetBytes(json.Replace(is_, becomes, StringComparison.Ordinal)), default);
        await StopsAsync(reason, () => lake.Writer().RecoverAsync());
    }

    [Fact]
    public async Task A_reader_that_leaves_out_offsets_stops_the_lane()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(20));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        await StopsAsync(LaneStop.LogSkipped, () =>
        {
            writer.Add(lake.Log.Poll(writer.ReadPosition + 1, 3));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_lane_that_would_stop_is_lost_instead_where_another_owner_went_on()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(20));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 10));
        await lake.RunAsync(lake.Writer(node: "other"), 1);
        lake.Log.High = 0;
        await Assert.ThrowsAsync<LaneLostException>(() => writer.FlushAsync());
    }

    [Fact]
    public async Task A_chain_whose_hint_is_torn_missing_or_wrong_is_read_all_the_same()
    {
        foreach (var hint in new byte[]?[] { null, [], "{\"n\":999}"u8.ToArray(), "{\"n\":0}"u8.ToArray() })
        {
            var lake = await WrittenAsync();
            var key = $"_log/{lake.Log.TopicId}/{TestLog.Lane}/hint.json";
            if (hint is null)
                await lake.Store.DeleteAsync(key, default);
            else
                await lake.Store.PutAsync(key, hint, default);
            await lake.RunAsync(lake.Writer(), 1);
            await lake.CheckCompleteAsync();
        }
    }

    private static async Task<LakeUnderTest> WrittenAsync()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(40));
        await lake.RunAsync(lake.Writer(), 9);
        return lake;
    }

    private static async Task<LakeUnderTest> UnfinishedAsync()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(40));
        var dies = new Interception
        {
            Gate = key => key.EndsWith(".parquet", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask,
        };
        await Assert.ThrowsAsync<Crash>(() => lake.RunAsync(lake.Writer(dies), 9));
        return lake;
    }

    private static ICollection<string> Keys(LakeUnderTest lake) => ((MemoryStore)lake.Store).Keys;

    private static async Task StopsAsync(LaneStop reason, Func<Task> act)
    {
        var stopped = await Assert.ThrowsAsync<LaneStoppedException>(act);
        Assert.Equal(reason, stopped.Reason);
        Assert.Equal(TestLog.Lane, stopped.Lane);
    }
}

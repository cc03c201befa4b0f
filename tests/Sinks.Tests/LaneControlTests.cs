using StockActors.Sinks.Chain;

namespace StockActors.Sinks.Tests;

public class LaneControlTests
{
    [Fact]
    public async Task A_gap_that_is_accepted_is_skipped_and_the_lane_goes_on_behind_it()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(60));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 20));
        var end = (await writer.FlushAsync())!.End;
        Assert.Equal(end, Assert.Single(await ReportsAsync(lake)).CommittedEnd);
        lake.Log.Low = lake.Log.Records[40].Offset;
        await StopsAsync(LaneStop.LogStartsAboveChain, lake);

        var accepted = await AcceptAsync(lake);

        Assert.Equal(lake.Log.Low, accepted!.GoesOnFrom);
        Assert.Contains($"{end} to {lake.Log.Low}", accepted.What, StringComparison.Ordinal);
        Assert.Null(await AcceptAsync(lake));
        await lake.RunAsync(lake.Writer(), 2);
        await lake.CheckReadersAsync(r => r.Offset < end || r.Offset >= lake.Log.Low);
        Assert.Equal(lake.Log.High, lake.Log.Committed);
    }

    [Fact]
    public async Task Objects_that_are_given_up_count_for_nobody_even_if_a_zombie_puts_one_after_all()
    {
        var lake = new LakeUnderTest(new RandomTicks(2).Log(60, dead: false));
        var (die, puts) = (false, 0);
        var sleepy = lake.Writer(new Interception { Gate = key => die && key.EndsWith(".parquet", StringComparison.Ordinal) && puts++ >= 2 ? throw new Crash() : Task.CompletedTask });
        await sleepy.RecoverAsync();
        die = true;
        sleepy.Add(lake.Log.Poll(sleepy.ReadPosition, 30));
        await Assert.ThrowsAsync<Crash>(() => sleepy.FlushAsync());
        var epoch = Assert.IsType<EpochEntry>((await new LaneChain(lake.Store, lake.Log.TopicId, TestLog.Lane).HeadAsync(default))!.Base);
        var lost = new List<ChainObject>();
        foreach (var listed in epoch.Objects)
        {
            if (!await lake.Store.ExistsAsync(listed.Key, default))
                lost.Add(listed);
        }

        Assert.True(lost.Count > 0 && lost.Count < epoch.Objects.Count);
        lake.Log.Low = epoch.End;
        await StopsAsync(LaneStop.LogStartsAboveEpoch, lake);

        var accepted = await AcceptAsync(lake);

        Assert.All(lost, o => Assert.Contains(o.Key, accepted!.What, StringComparison.Ordinal));
        bool Kept(TestRecord r) => r.Offset >= epoch.End
            || !lost.Exists(o => LakeRows.Expected(r.Tick!.Value).StartsWith($"{o.Table}/{o.Partition}|", StringComparison.Ordinal));
        await lake.RunAsync(lake.Writer(), 3);
        await lake.CheckReadersAsync(Kept);

        await lake.Store.PutIfAbsentAsync(lost[0].Key, "PAR1"u8.ToArray(), default);
        await lake.CheckReadersAsync(Kept);
    }

    [Fact]
    public async Task A_topic_that_was_created_again_begins_a_chain_of_its_own_once_that_is_accepted()
    {
        var lake = new LakeUnderTest(new RandomTicks(3).Log(20));
        await lake.RunAsync(lake.Writer(), 3);
        lake.Log.TopicId = new string('f', 32);
        await StopsAsync(LaneStop.TopicRecreated, lake);
        Assert.Single(await ReportsAsync(lake));

        Assert.Equal((0, lake.Log.Low), (await AcceptAsync(lake)) is { } accepted ? (accepted.Entry, accepted.GoesOnFrom) : default);

        await lake.RunAsync(lake.Writer(), 4);
        Assert.Equal(2, (await ReportsAsync(lake)).Count);
        Assert.All(await ReportsAsync(lake), report => Assert.Equal(report.TopicId == lake.Log.TopicId, report.Log is not null));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_log_that_is_new_at_every_start_neither_stops_nor_stops_others(bool before, bool after)
    {
        var lake = new LakeUnderTest(new RandomTicks(4).Log(20));
        await lake.RunAsync(lake.Writer(options: new LaneOptions { IsLogOfOneLife = before }), 4);
        lake.Log.TopicId = new string('f', 32);
        await lake.RunAsync(lake.Writer(options: new LaneOptions { IsLogOfOneLife = after }), 4);
        Assert.Equal(2, (await ReportsAsync(lake)).Count);
    }

    [Fact]
    public async Task A_chain_that_can_not_be_read_is_shown_with_what_is_wrong_with_it()
    {
        var lake = new LakeUnderTest(new RandomTicks(7).Log(20));
        await lake.RunAsync(lake.Writer(), 7);
        await lake.Store.PutAsync($"_log/{lake.Log.TopicId}/{TestLog.Lane}/{1:D20}.json", "torn"u8.ToArray(), default);
        await lake.Store.DeleteAsync($"_log/{lake.Log.TopicId}/{TestLog.Lane}/hint.json", default);
        await lake.Store.DeleteAsync($"_log/{lake.Log.TopicId}/{TestLog.Lane}/{2:D20}.json", default);
        Assert.Equal(LaneStop.EntryUnreadable, Assert.Single(await ReportsAsync(lake)).Stopped?.Reason);
    }

    [Fact]
    public async Task A_truncated_log_is_accepted_only_once_it_has_come_as_far_again()
    {
        var lake = new LakeUnderTest(new RandomTicks(5).Log(40));
        await lake.RunAsync(lake.Writer(), 5);
        var high = lake.Log.High;
        lake.Log.High = 5;
        Assert.Equal(LaneStop.LogTruncated, (await Assert.ThrowsAsync<LaneStoppedException>(() => AcceptAsync(lake))).Reason);

        (lake.Log.High, lake.Log.Holds) = (high, false);
        await StopsAsync(LaneStop.LogTruncated, lake);
        Assert.NotNull(await AcceptAsync(lake));
        await lake.Writer().RecoverAsync();
    }

    [Fact]
    public async Task A_stop_is_shown_until_the_lane_is_told_to_try_again()
    {
        var lake = new LakeUnderTest(new RandomTicks(6).Log(20));
        await lake.RunAsync(lake.Writer(), 6);
        lake.Log.High = 5;
        var stopped = await StopsAsync(LaneStop.LogTruncated, lake);
        var control = Control(lake);
        await control.NoteAsync(lake.Log.TopicId, stopped);

        Assert.Equal((LaneStop.LogTruncated, stopped.Message), Assert.Single(await ReportsAsync(lake)).Stopped is { } told ? (told.Reason, told.Message) : default);
        Assert.NotNull(await control.ResumeAsync(lake.Log.TopicId, TestLog.Lane));
        Assert.Null(Assert.Single(await ReportsAsync(lake)).Stopped);
        Assert.Null(await control.ResumeAsync(lake.Log.TopicId, TestLog.Lane));
    }

    private static LaneControl Control(LakeUnderTest lake) => new(lake.SeenBy(new Interception()), TestLog.Topic, "operator", lake.Time);

    private static Task<LaneAcceptance?> AcceptAsync(LakeUnderTest lake) =>
        Control(lake).AcceptAsync(lake.Log.SeenBy(new Interception()), lake.Log.TopicId, TestLog.Lane);

    private static async Task<IReadOnlyList<LaneReport>> ReportsAsync(LakeUnderTest lake) =>
        await Control(lake).ShowAsync(_ => Task.FromResult<LogExtent?>(new LogExtent(lake.Log.TopicId, lake.Log.Low, lake.Log.High)));

    private static async Task<LaneStoppedException> StopsAsync(LaneStop reason, LakeUnderTest lake)
    {
        var stopped = await Assert.ThrowsAsync<LaneStoppedException>(() => lake.Writer().RecoverAsync());
        Assert.Equal(reason, stopped.Reason);
        Assert.Contains("stockactors lane ", stopped.Message, StringComparison.Ordinal);
        return stopped;
    }
}

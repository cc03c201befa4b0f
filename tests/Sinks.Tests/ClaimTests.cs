using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests;

public class ClaimTests
{
    [Fact]
    public async Task A_paused_writer_loses_the_next_claim()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(40));
        var paused = lake.Writer(node: "paused");
        await paused.RecoverAsync();
        paused.Add(lake.Log.Poll(paused.ReadPosition, 20));

        await lake.RunAsync(lake.Writer(node: "other"), seed: 2);

        var lost = await Assert.ThrowsAsync<LaneLostException>(() => paused.FlushAsync());
        Assert.StartsWith("other/", lost.Winner, StringComparison.Ordinal);
        Assert.Equal(1, lost.Entry);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task A_writer_that_sleeps_between_claim_and_objects_changes_nothing_when_it_wakes()
    {
        var lake = new LakeUnderTest(new RandomTicks(3).Log(40));
        var (claimed, wake) = (new TaskCompletionSource(), new TaskCompletionSource());
        var sleepy = new Interception
        {
            Gate = async key =>
            {
                if (!key.EndsWith(".parquet", StringComparison.Ordinal))
                    return;
                claimed.TrySetResult();
                await wake.Task;
            },
        };
        var sleeper = lake.Writer(sleepy, "sleeper");
        await sleeper.RecoverAsync();
        sleeper.Add(lake.Log.Poll(sleeper.ReadPosition, 20));
        var flush = sleeper.FlushAsync();
        await claimed.Task;

        Assert.Equal(lake.Log.Low, await lake.CheckReadersAsync());
        await lake.RunAsync(lake.Writer(node: "other"), seed: 4);
        wake.SetResult();

        Assert.NotNull(await flush);
        await lake.CheckReadersAsync();
        sleeper.Add(lake.Log.Poll(sleeper.ReadPosition, 20));
        await Assert.ThrowsAsync<LaneLostException>(() => sleeper.FlushAsync());
        await lake.CheckReadersAsync();
    }

    [Fact]
    public async Task An_object_with_other_rows_is_replaced_and_one_with_the_same_rows_in_other_bytes_is_kept()
    {
        var lake = new LakeUnderTest(new RandomTicks(5).Log(60, dead: false));
        var writer = lake.Writer(new Interception { Gate = key => key == "commit" ? throw new Crash() : Task.CompletedTask });
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 60));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());

        var entry = Assert.IsType<EpochEntry>(await new LaneChain(lake.Store, lake.Log.TopicId, TestLog.Lane).ReadAsync(1, default));
        Assert.Equal(0, entry.Dead);
        var (wrong, torn, other) = (entry.Objects[0], entry.Objects[1], entry.Objects.First(o => o.Table == "trades" && o.Rows > 1));
        var good = await lake.Store.GetAsync(wrong.Key, default);
        var recoded = Recoded(lake.Log, other.In());
        await lake.Store.PutAsync(wrong.Key, (await lake.Store.GetAsync(torn.Key, default))!.Content, default);
        await lake.Store.PutAsync(torn.Key, "PAR1 torn"u8.ToArray(), default);
        await lake.Store.PutAsync(other.Key, recoded, default);

        await lake.RunAsync(lake.Writer(), seed: 5);

        Assert.Equal(good!.Content, (await lake.Store.GetAsync(wrong.Key, default))!.Content);
        Assert.Equal(recoded, (await lake.Store.GetAsync(other.Key, default))!.Content);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task An_epoch_whose_objects_all_stand_is_finished_without_reading_the_log_again()
    {
        var lake = new LakeUnderTest(new RandomTicks(6).Log(60, dead: false));
        var writer = lake.Writer(new Interception
        {
            Gate = key => key.StartsWith("_catalog", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask,
        });
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 99));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());

        lake.Log.Low = lake.Log.High;
        Assert.Equal(lake.Log.High, (await lake.Writer().RecoverAsync()).Offset);
        Assert.Equal(lake.Log.High, lake.Log.Committed);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task The_horizon_is_the_clocks_at_the_claim()
    {
        var log = new TestLog([Foreign(0, minutes: 4), Foreign(1, minutes: 6), Foreign(2, minutes: 60)]);
        var lake = new LakeUnderTest(log);
        var options = new LaneOptions { AllowedSkew = TimeSpan.FromMinutes(5) };
        var writer = lake.Writer(options: options);
        await writer.RecoverAsync();
        writer.Add(log.Poll(0, 3));

        lake.Time.Advance(TimeSpan.FromMinutes(2));
        var first = await writer.FlushAsync();
        Assert.Equal((2, 1), (first!.Rows.Trades, first.Dead));
        Assert.Equal(2, Assert.Single(log.DeadLetters).Offset);

    }

    [Fact]
    public async Task A_clock_that_is_turned_back_before_the_claim_does_not_disown_what_was_let_in()
    {
        var lake = new LakeUnderTest(new TestLog([Foreign(0, minutes: 4), Foreign(1, minutes: 6), Foreign(2, minutes: 60)]));
        var options = new LaneOptions { AllowedSkew = TimeSpan.FromMinutes(5) };
        var writer = lake.Writer(new Interception { Gate = DieAtObject }, options: options);
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(0, 3));
        lake.Time.Set(RandomTicks.Now - TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());

        var next = lake.Writer();
        await next.RecoverAsync();
        next.Add(lake.Log.Poll(0, 3));
        Assert.Equal(1, (await next.FlushAsync())!.Rows.Trades);
    }

    [Fact]
    public async Task An_epoch_is_finished_with_the_horizon_it_was_claimed_with_whatever_the_clock_says_then()
    {
        var log = new TestLog([Foreign(0, minutes: 4), Foreign(1, minutes: 6), Foreign(2, minutes: 60)]);
        var lake = new LakeUnderTest(log);
        var writer = lake.Writer(new Interception { Gate = DieAtObject });
        await writer.RecoverAsync();
        writer.Add(log.Poll(0, 3));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());

        lake.Time.Advance(TimeSpan.FromDays(1));
        var next = lake.Writer();
        await next.RecoverAsync();
        next.Add(log.Poll(0, 3));
        var epoch = await next.FlushAsync();
        Assert.Equal((1, 2), (epoch!.Rows.Trades, epoch.Dead));
    }

    private static Task DieAtObject(string key) =>
        key.EndsWith(".parquet", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask;

    private static TestRecord Foreign(long offset, int minutes)
    {
        var tick = new Tick
        {
            Kind = TickKind.Trade,
            Source = TickSource.External,
            Symbol = "S1",
            RunId = "",
            TsEvent = UnixNanos.From(RandomTicks.Now.AddMinutes(minutes)),
            Trade = new Trade(Price.One, 1, Side.None, null, AgentClass.Unknown, AgentClass.Unknown),
        };
        return new TestRecord(offset, [], RandomTicks.Encode(tick), tick);
    }

    /// <summary>The rows of one partition as another build might write them: in row groups of one row.</summary>
    private static byte[] Recoded(TestLog log, TablePartition partition)
    {
        var buffer = new EpochBuffer();
        buffer.Begin(log.Low);
        using var batch = log.Poll(log.Low, 60);
        buffer.Take(batch, 0, new TickDecoder(), UnixNanos.From(RandomTicks.Now), at: 0);
        return new ParquetEncoder(rowGroupRows: 1).Encode(buffer.Tables.Single(table => table.Partition == partition).Rows).Content;
    }
}

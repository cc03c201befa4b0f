using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;

namespace StockActors.Sinks.Tests;

public sealed class LaneStageTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("lane-stage");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_log_that_ends_is_in_the_lake_when_the_flow_completes(int seed)
    {
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(200));
        var batches = new List<RecordBatch>();
        var writer = lake.Writer(options: new LaneOptions { MaxRecords = 30 });
        await writer.RecoverAsync();
        for (var from = lake.Log.Low; from < lake.Log.High; from = batches[^1].NextOffset)
            batches.Add(lake.Log.Poll(from, 7));
        var committed = await Source.From(batches).Via(LakeSink.Lane(writer)).RunWith(Sink.Seq<LaneCommitted>(), _system);

        await lake.CheckCompleteAsync();
        Assert.Equal(lake.Log.Low, committed[0].Position.Offset);
        Assert.Null(committed[0].Epoch);
        var epochs = committed.Where(c => c.Epoch is not null).Select(c => c.Epoch!).ToList();
        Assert.True(epochs.Count >= 5);
        Assert.Equal(Enumerable.Range(1, epochs.Count).Select(n => (long)n), epochs.Select(e => e.N));
        Assert.Equal(lake.Log.Records.Count, epochs.Sum(e => e.Rows.Total + e.Dead));
        Assert.Equal(lake.Log.Records.Sum(r => r.Key.Length + (r.Value?.Length ?? 0)), epochs.Sum(e => e.RecordBytes));
        Assert.True(epochs.Sum(e => e.ObjectBytes) > 0);
        Assert.All(batches.Where(batch => batch.Count > 0), batch => Assert.Throws<ObjectDisposedException>(() => batch[0].Offset));
    }

    [Fact]
    public async Task An_epoch_is_cut_when_no_more_comes_and_when_it_is_old()
    {
        var lake = new LakeUnderTest(new RandomTicks(3).Log(200));
        var writer = lake.Writer(options: new LaneOptions { Idle = TimeSpan.FromSeconds(2), MaxAge = TimeSpan.FromSeconds(5) });
        await writer.RecoverAsync();
        var (input, output) = Run(writer);
        Assert.Null((await NextAsync(output)).Epoch);

        var position = await WriteAsync(lake, input, writer.ReadPosition);
        await lake.Time.ArmedAsync();
        lake.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(position, (await NextAsync(output)).Epoch!.End);

        // One batch a second: never idle, and old after five.
        position = await WriteAsync(lake, input, position);
        await lake.Time.ArmedAsync();
        for (var second = 1; second < 5; second++)
        {
            lake.Time.Advance(TimeSpan.FromSeconds(1));
            var at = position;
            position = await WriteAsync(lake, input, position);
            await TakenAsync(writer, position);
            Assert.False(output.TryRead(out _), $"cut after {second} s at {at}");
        }

        lake.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(position, (await NextAsync(output)).Epoch!.End);
    }

    [Fact]
    public async Task What_waited_in_the_log_when_the_lane_was_taken_over_is_written_as_soon_as_it_is_read()
    {
        var lake = new LakeUnderTest(new RandomTicks(8).Log(12));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        var (input, output) = Run(writer);
        Assert.Null((await NextAsync(output)).Epoch);
        var position = await WriteAsync(lake, input, writer.ReadPosition);
        await TakenAsync(writer, position);
        Assert.False(output.TryRead(out _));

        await WriteAsync(lake, input, position, count: 20);
        Assert.Equal(lake.Log.High, (await NextAsync(output)).Epoch!.End);
    }

    [Fact]
    public async Task Where_nothing_waited_when_the_lane_was_taken_over_what_comes_first_is_written_at_once()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(40, dead: false));
        var high = lake.Log.High;
        lake.Log.High = lake.Log.Records[4].Offset + 1;
        var before = lake.Writer();
        var start = await before.RecoverAsync();
        using (var batch = lake.Log.Poll(start.Offset, 5))
            before.Add(batch);
        Assert.Equal(lake.Log.High, (await before.FlushAsync())!.End);

        var writer = lake.Writer();
        await writer.RecoverAsync();
        lake.Log.High = high;
        var (input, output) = Run(writer);
        Assert.Null((await NextAsync(output)).Epoch);
        var position = await WriteAsync(lake, input, writer.ReadPosition);
        Assert.Equal(position, (await NextAsync(output)).Epoch!.End);

        position = await WriteAsync(lake, input, position);
        await TakenAsync(writer, position);
        Assert.False(output.TryRead(out _), "cut before it is due");
    }

    [Fact]
    public async Task A_tail_without_records_moves_the_position_without_an_epoch()
    {
        var lake = new LakeUnderTest(new RandomTicks(4).Log(10));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        var (input, output) = Run(writer);
        Assert.Equal(writer.ReadPosition, (await NextAsync(output)).Position.Offset);
        var empty = new RecordBatch(TestLog.Topic, TestLog.Lane, writer.ReadPosition);
        empty.MoveTo(writer.ReadPosition + 2);
        await input.WriteAsync(empty);
        var moved = await NextAsync(output);
        Assert.Equal((empty.NextOffset, null), (moved.Position.Offset, moved.Epoch));
        Assert.DoesNotContain(((MemoryStore)lake.Store).Keys, key => key.EndsWith($"{1:D20}.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_an_epoch_is_written_the_next_is_gathered_up_to_its_limit_and_no_further()
    {
        var lake = new LakeUnderTest(new RandomTicks(5).Log(200));
        var open = new TaskCompletionSource();
        var slow = new Interception { Gate = key => key.EndsWith(".parquet", StringComparison.Ordinal) ? open.Task : Task.CompletedTask };
        var writer = lake.Writer(slow, options: new LaneOptions { MaxRecords = 20 });
        await writer.RecoverAsync();
        var batches = new List<RecordBatch>();
        for (var from = writer.ReadPosition; batches.Count < 10; from = batches[^1].NextOffset)
            batches.Add(lake.Log.Poll(from, 10));
        var output = Source.From(batches).Via(LakeSink.Lane(writer)).RunWith(ChannelSink.AsReader<LaneCommitted>(1), _system);
        Assert.Null((await NextAsync(output)).Epoch);
        await TakenAsync(writer, batches[3].NextOffset);

        open.SetResult();
        var records = new List<long>();
        await foreach (var committed in output.ReadAllAsync())
            records.Add(committed.Epoch!.Rows.Total + committed.Epoch.Dead);
        Assert.Equal([20, 20, 20, 20, 20], records);
    }

    [Fact]
    public async Task A_lane_that_is_lost_fails_the_flow()
    {
        var lake = new LakeUnderTest(new RandomTicks(6).Log(50));
        var writer = lake.Writer();
        await writer.RecoverAsync();
        var first = lake.Log.Poll(writer.ReadPosition, 50);
        await lake.RunAsync(lake.Writer(node: "other"), 1);
        var run = Source.Single(first).Via(LakeSink.Lane(writer)).RunWith(Sink.Ignore<LaneCommitted>(), _system);
        await Assert.ThrowsAsync<LaneLostException>(() => run);
        await lake.CheckCompleteAsync();
    }

    [Fact]
    public async Task A_flow_that_is_cut_off_while_it_writes_is_finished_by_the_next()
    {
        var lake = new LakeUnderTest(new RandomTicks(7).Log(100));
        var (reached, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var stuck = new Interception
        {
            Gate = async key =>
            {
                if (!key.EndsWith(".parquet", StringComparison.Ordinal))
                    return;
                reached.TrySetResult();
                await never.Task;
            },
        };
        var writer = lake.Writer(stuck);
        await writer.RecoverAsync();
        var (kill, done) = Source.Single(lake.Log.Poll(writer.ReadPosition, 60)).Concat(Source.Never<RecordBatch>())
            .ViaMaterialized(KillSwitches.Single<RecordBatch>(), Keep.Right)
            .Via(LakeSink.Lane(writer)).ToMaterialized(Sink.Ignore<LaneCommitted>(), Keep.Both).Run(_system);
        await lake.Time.ArmedAsync();
        lake.Time.Advance(TimeSpan.FromMinutes(1));
        await reached.Task;
        kill.Abort(new Crash());
        Assert.IsType<Crash>((await Assert.ThrowsAnyAsync<Exception>(() => done)).GetBaseException());

        await lake.RunAsync(lake.Writer(node: "next"), 7);
        never.SetResult();
        await lake.CheckCompleteAsync();
    }

    private (ChannelWriter<RecordBatch> Input, ChannelReader<LaneCommitted> Output) Run(LaneWriter writer)
    {
        var input = Channel.CreateUnbounded<RecordBatch>();
        var output = ChannelSource.FromReader(input.Reader).Via(LakeSink.Lane(writer))
            .RunWith(ChannelSink.AsReader<LaneCommitted>(1), _system);
        return (input.Writer, output);
    }

    // What never comes is a failure, not a test that hangs.
    private static Task<LaneCommitted> NextAsync(ChannelReader<LaneCommitted> output) =>
        output.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task<long> WriteAsync(LakeUnderTest lake, ChannelWriter<RecordBatch> input, long from, int count = 5)
    {
        var batch = lake.Log.Poll(from, count);
        var next = batch.NextOffset;
        await input.WriteAsync(batch);
        return next;
    }

    private static async Task TakenAsync(LaneWriter writer, long position)
    {
        while (writer.ReadPosition < position)
            await Task.Yield();
    }
}

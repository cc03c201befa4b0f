namespace StockActors.Sinks.Tests;

public class CrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_log_written_without_faults_is_in_the_lake_once(int seed)
    {
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(120));
        await lake.RunAsync(lake.Writer(), seed);
        await lake.CheckCompleteAsync();
    }

    [Theory]
    [InlineData(11, false, true)]
    [InlineData(12, true, true)]
    [InlineData(13, false, false)]
    [InlineData(14, true, false)]
    public async Task A_writer_that_dies_at_any_call_is_finished_by_the_next(int seed, bool after, bool dead)
    {
        for (var call = 1; ; call++)
        {
            var lake = new LakeUnderTest(new RandomTicks(seed).Log(30, dead));
            var fatal = call;
            var death = after ? Fate.DieAfter : Fate.DieBefore;
            var process = new Interception { FateOf = (n, _) => n == fatal ? death : Fate.Pass };
            var died = await Record.ExceptionAsync(() => lake.RunAsync(lake.Writer(process), seed));
            await lake.CheckReadersAsync();
            if (died is null)
            {
                Assert.True(call > 30, $"only {call} calls");
                return;
            }

            Assert.IsType<Crash>(died);
            await lake.RunAsync(lake.Writer(), seed + 1);
            await lake.CheckCompleteAsync();
        }
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(21, true)]
    public async Task A_put_whose_answer_is_lost_is_repeated_until_it_is_known(int seed, bool after)
    {
        for (var put = 1; ; put++)
        {
            var lake = new LakeUnderTest(new RandomTicks(seed).Log(30));
            var (first, puts, times) = (put, 0, 0);
            var unknown = after ? Fate.UnknownAfter : Fate.UnknownBefore;
            var process = new Interception
            {
                FateOf = (_, isConditional) => isConditional && ++puts >= first && times++ < 2 ? unknown : Fate.Pass,
            };
            await lake.RunAsync(lake.Writer(process), seed);
            await lake.CheckCompleteAsync();
            if (times == 0)
            {
                Assert.True(put > 10, $"only {put} puts");
                return;
            }
        }
    }
}

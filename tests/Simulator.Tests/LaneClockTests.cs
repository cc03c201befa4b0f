using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using StockActors.Market;

namespace StockActors.Simulator.Tests;

public sealed class LaneClockTests : TestKit
{
    private static readonly TradingDay Friday = new(new DateOnly(2026, 1, 9));

    [Fact]
    public async Task Steps_are_multiples_from_the_open_cut_at_the_close_and_go_on_at_the_next_open()
    {
        // 6.5 hours are 2 steps of 3 hours and half an hour.
        var until = await Unpaced(Friday.Open, 3 * UnixNanos.PerHour, 6);

        Assert.Equal(
            [
                Friday.Open + (3 * UnixNanos.PerHour), Friday.Open + (6 * UnixNanos.PerHour), Friday.Close,
                Friday.Next.Open + (3 * UnixNanos.PerHour), Friday.Next.Open + (6 * UnixNanos.PerHour), Friday.Next.Close,
            ],
            until);
    }

    [Fact]
    public async Task A_clock_that_starts_again_anywhere_goes_on_with_the_same_grid()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var delta = random.NextInt64(UnixNanos.PerSecond * 600, UnixNanos.PerHour * 10);
            var whole = await Unpaced(Friday.Open, delta, 60);
            var at = random.Next(whole.Count);
            Assert.Equal(whole.Skip(at + 1), await Unpaced(whole[at], delta, 59 - at));

            // A time that lies on no grid, as after a change of the step's length, is brought back to it by the next step.
            Assert.Equal(whole[at], (await Unpaced(whole[at] - 1, delta, 1))[0]);
        }
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(20, 5)]
    public async Task Simulated_time_runs_as_many_times_faster_as_the_speed_says(double speed, int milliseconds)
    {
        var time = new ManualTime();
        var probe = Paced(Friday.Close - (2 * Delta), speed, time);

        // The close, the night and the next open take no time of their own.
        foreach (var until in new[] { Friday.Close - Delta, Friday.Close, Friday.Next.Open + Delta })
        {
            await probe.RequestAsync(1);
            Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), await time.TimerSetAsync());
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            Assert.Equal(until, await probe.NextAsync());
        }
    }

    [Fact]
    public async Task A_late_timer_is_made_up_for()
    {
        var time = new ManualTime();
        var probe = Paced(Friday.Open, 1, time);
        await probe.RequestAsync(1);
        await time.TimerSetAsync();
        time.Advance(TimeSpan.FromMilliseconds(230));
        Assert.Equal(Friday.Open + Delta, await probe.NextAsync());

        await probe.RequestAsync(1);
        Assert.Equal(Friday.Open + (2 * Delta), await probe.NextAsync());
        await probe.RequestAsync(1);
        Assert.Equal(TimeSpan.FromMilliseconds(70), await time.TimerSetAsync());
    }

    [Fact]
    public async Task A_late_consumer_is_not_caught_up_by_a_burst()
    {
        var time = new ManualTime();
        var probe = Paced(Friday.Open, 1, time);
        await probe.RequestAsync(1);
        await time.TimerSetAsync();
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Friday.Open + Delta, await probe.NextAsync());

        time.Advance(TimeSpan.FromSeconds(60));
        await probe.RequestAsync(1);
        Assert.Equal(Friday.Open + (2 * Delta), await probe.NextAsync());
        await probe.RequestAsync(1);

        Assert.Equal(TimeSpan.FromMilliseconds(100), await time.TimerSetAsync());
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(-5, null)]
    [InlineData(1, 0.0)]
    [InlineData(1, -1.0)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    public void A_step_or_a_speed_that_cannot_be_is_refused(long delta, double? speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneClock.From(Friday.Open, delta, speed, TimeProvider.System));

    private const long Delta = UnixNanos.PerSecond / 10;

    private StreamProbe<long> Paced(long start, double speed, TimeProvider time) =>
        StreamProbe<long>.Run(LaneClock.From(start, Delta, speed, time), Sys.Materializer());

    private async Task<IReadOnlyList<long>> Unpaced(long start, long delta, int count) =>
        await LaneClock.From(start, delta, speed: null, TimeProvider.System).Take(count).RunWith(Sink.Seq<long>(), Sys.Materializer());
}

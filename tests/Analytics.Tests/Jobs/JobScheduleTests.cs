using StockActors.Analytics.Jobs;

namespace StockActors.Analytics.Tests.Jobs;

public sealed class JobScheduleTests
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    public static TheoryData<string, string> Expressions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var zone in new[] { "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata" })
            {
                foreach (var expression in new[] { "*/7 * * * *", "*/20 * * * *", "0 * * * *", "30 1 * * *", "30 2 * * *", "0 0 * * *", "0 18 * * MON-FRI", "0 3 1 * *", "15 */6 * * *" })
                    data.Add(expression, zone);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Slots_tile_the_time_also_where_clocks_are_put_forward_and_back(string expression, string zone)
    {
        var schedule = JobSchedule.Parse(expression, TimeZoneInfo.FindSystemTimeZoneById(zone), TimeSpan.Zero);
        foreach (var around in new[] { "2026-03-08T00:00Z", "2026-03-29T00:00Z", "2026-04-04T00:00Z", "2026-10-03T00:00Z", "2026-10-25T00:00Z", "2026-11-01T00:00Z" })
        {
            var (start, end) = (Time(around).AddDays(-1), Time(around).AddDays(40));
            var slots = schedule.From(start).TakeWhile(slot => slot.From < end).Take(400).ToList();
            Assert.NotEmpty(slots);
            Assert.All(slots, slot => Assert.True(slot.From < slot.To));
            Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.Equal(slots.Count, slots.DistinctBy(slot => slot.Name).Count());
            foreach (var slot in slots)
            {
                Assert.Equal(slot, schedule.At(slot.From));
                Assert.Equal(slot, schedule.At(slot.To.AddTicks(-1)));
            }
        }
    }

    [Fact]
    public void A_time_of_day_that_clocks_leave_out_is_when_they_have_been_put_forward()
    {
        var slots = JobSchedule.Parse("30 2 * * *", NewYork, TimeSpan.Zero).From(Time("2026-03-07T00:00Z")).Take(3).ToList();

        Assert.Equal([Time("2026-03-07T07:30Z"), Time("2026-03-08T07:00Z"), Time("2026-03-09T06:30Z")], slots.Select(slot => slot.From));
    }

    [Fact]
    public void A_time_of_day_that_comes_twice_begins_one_slot_and_an_interval_begins_one_at_both()
    {
        var daily = JobSchedule.Parse("30 1 * * *", NewYork, TimeSpan.Zero).From(Time("2026-10-31T00:00Z")).Take(3).ToList();
        var halves = JobSchedule.Parse("*/30 * * * *", NewYork, TimeSpan.Zero).From(Time("2026-11-01T04:00Z")).TakeWhile(slot => slot.From < Time("2026-11-02T05:00Z")).ToList();

        Assert.Equal([Time("2026-10-31T05:30Z"), Time("2026-11-01T05:30Z"), Time("2026-11-02T06:30Z")], daily.Select(slot => slot.From));
        Assert.Equal(50, halves.Count);
        Assert.All(halves, slot => Assert.Equal(TimeSpan.FromMinutes(30), slot.To - slot.From));
    }

    [Fact]
    public void A_slot_is_due_once_its_delay_has_passed()
    {
        var schedule = JobSchedule.Parse("0 * * * *", TimeZoneInfo.Utc, TimeSpan.FromMinutes(10));

        Assert.Empty(schedule.Due(Time("2026-01-05T14:00Z"), Time("2026-01-05T15:09Z")));
        Assert.Equal(new JobSlot(Time("2026-01-05T14:00Z"), Time("2026-01-05T15:00Z")), Assert.Single(schedule.Due(Time("2026-01-05T14:00Z"), Time("2026-01-05T15:10Z"))));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

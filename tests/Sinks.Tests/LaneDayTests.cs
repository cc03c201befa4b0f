using StockActors.Market;
using StockActors.Sinks.Audit;

namespace StockActors.Sinks.Tests;

public sealed class LaneDayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_day_has_the_rows_of_its_event_times_and_the_chain_all_dead_letters(int seed)
    {
        var log = new RandomTicks(seed).Log(200, dead: true);
        var lake = new LakeUnderTest(log);
        await lake.RunAsync(lake.Writer(), seed);
        await AuditMark.SetAsync(lake.SeenBy(new Interception()), log.TopicId, TestLog.Lane, 17);

        var dates = log.Records.Where(r => r.Tick is { Kind: not TickKind.Bar }).CountBy(r => UnixNanos.ToDate(r.Tick!.Value.TsEvent)).ToList();
        Assert.NotEmpty(dates);
        foreach (var (date, rows) in dates)
        {
            var day = Assert.Single(await LaneDay.ReadAsync(lake.SeenBy(new Interception()), date));
            Assert.Equal((TestLog.Topic, log.TopicId, TestLog.Lane, (long)rows, 17L), (day.Topic, day.TopicId, day.Lane, day.Rows, day.AuditedTo));
            Assert.Equal(log.Records.Count(r => r.Tick is null), day.DeadInAll);
            Assert.InRange(day.Dead, 0, day.DeadInAll);
            Assert.InRange(day.Epochs, 1, rows);
            Assert.True(day.FirstAt <= day.LastAt);
        }

        var none = Assert.Single(await LaneDay.ReadAsync(lake.SeenBy(new Interception()), new DateOnly(1999, 12, 31)));
        Assert.Equal((0, 0L, 0L, null), (none.Epochs, none.Rows, none.Dead, none.FirstAt));
    }
}

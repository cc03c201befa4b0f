namespace StockActors.Sinks.Tests;

public class HistoryTests
{
    /// <summary>
    /// Processes that all think the lane is theirs, each stopped at every call until the seed lets it go on, killed at some, told nothing
    /// at others. The seed is in the case's name, so that a failure says how to have it again.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task However_writers_overlap_and_die_each_record_is_in_the_lake_once(int seed)
    {
        var random = new Random(seed);
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(40));
        var processes = Enumerable.Range(0, 3).Select(i => new SteppedProcess(lake, random.Next(), $"node-{i}")).ToList();
        while (processes.Exists(process => !process.IsDone))
        {
            var waiting = new List<SteppedProcess>();
            foreach (var process in processes)
            {
                if (await process.IsWaitingAsync())
                    waiting.Add(process);
            }

            if (waiting.Count == 0)
                continue;
            var next = waiting[random.Next(waiting.Count)];
            switch (random.Next(40))
            {
                case 0:
                    next.Kill();
                    break;
                case 1:
                    await lake.CheckReadersAsync();
                    break;
                default:
                    // A process that is let go on for a while leaves the others as far behind as a long pause does.
                    for (var steps = random.Next(12); steps >= 0 && await next.IsWaitingAsync(); steps--)
                        next.Step(random.Next(30) switch { 0 => Fate.UnknownBefore, 1 => Fate.UnknownAfter, _ => Fate.Pass });
                    break;
            }
        }

        await lake.CheckCompleteAsync();
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1000, 60)];
}

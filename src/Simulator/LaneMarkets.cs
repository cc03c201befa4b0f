using System.Buffers;
using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using StockActors.Market;

namespace StockActors.Simulator;

/// <summary>The markets of a lane as one stream of tick batches.</summary>
public static class LaneMarkets
{
    /// <summary>
    /// Asks every market for its ticks up to each element of the clock and merges the answers by time, symbol and sequence into one batch.
    /// One step is asked for at a time: the first on demand, each next one when the batch before it was taken. So demand pulls the clock.
    /// </summary>
    /// <param name="markets">The lane's markets, in any order: actors that answer <see cref="MarketActor.Advance"/>.</param>
    /// <param name="clock">Simulated times, rising, each the exclusive end of a step (<see cref="LaneClock"/>).</param>
    /// <param name="runId">The run.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="timeout">
    /// How long a market may take to answer a step. One that takes longer, or fails, fails the stream: its ticks are lost to it, and the lane must
    /// go on from its progress.
    /// </param>
    /// <exception cref="ArgumentException">A symbol comes twice.</exception>
    public static Source<TickBatch, NotUsed> Source(
        IReadOnlyList<(string Symbol, IActorRef Market)> markets, Source<long, NotUsed> clock, string runId, int lane, TimeSpan timeout)
    {
        var ordered = markets.OrderBy(m => m.Symbol, StringComparer.Ordinal).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Symbol == ordered[i - 1].Symbol)
                throw new ArgumentException($"Lane {lane} has two markets of {ordered[i].Symbol}.", nameof(markets));
        }

        return clock.SelectAsync(1, async until =>
        {
            using var activity = SimulatorMetrics.Activities.StartActivity("step");
            activity?.SetTag("stockactors.lane", lane);
            var answers = await Task.WhenAll(ordered.Select(m => m.Market.Ask<MarketActor.Advanced>(new MarketActor.Advance(until), timeout)));
            return Merge(answers, new LaneProgress(runId, lane, until, Array.ConvertAll(answers, a => a.Position)));
        });
    }

    private static TickBatch Merge(MarketActor.Advanced[] answers, LaneProgress progress)
    {
        var merged = ArrayPool<Tick>.Shared.Rent(answers.Sum(a => a.Count));
        var count = 0;
        var read = new int[answers.Length];

        // The market's place in the order of symbols settles equal times; its own ticks keep their order because only the first one waits.
        var heads = new PriorityQueue<int, (long TsEvent, int Market)>(answers.Length);
        for (var market = 0; market < answers.Length; market++)
        {
            if (answers[market].Count > 0)
                heads.Enqueue(market, (answers[market].Ticks[0].TsEvent, market));
        }

        while (heads.TryPeek(out var market, out _))
        {
            var (ticks, available, _) = answers[market];
            merged[count++] = ticks[read[market]++];
            if (read[market] < available)
                heads.DequeueEnqueue(market, (ticks[read[market]].TsEvent, market));
            else
                heads.Dequeue();
        }

        foreach (var answer in answers)
            ArrayPool<Tick>.Shared.Return(answer.Ticks);
        SimulatorMetrics.Steps.Add(1);
        SimulatorMetrics.Ticks.Add(count);
        return TickBatch.Own(merged, count, progress);
    }
}

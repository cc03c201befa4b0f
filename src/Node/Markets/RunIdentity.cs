using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StockActors.Node.Commands;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Markets;

/// <summary>All that a run's ticks follow from: written beside its progress before any lane publishes, so that nobody goes on with another run under its name.</summary>
/// <param name="Prefix">First part of the transactional ids: a publisher of another prefix would not fence this one's.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Start">The first exchange day.</param>
/// <param name="Lanes">The topic's partitions.</param>
/// <param name="Symbols">How many symbols.</param>
/// <param name="Scenario">The scenario's name and digest; <c>null</c> where the run is older than scenarios.</param>
/// <param name="Markets">A digest of the symbols and what they are made of.</param>
/// <param name="Engine">The version of the rules by which ticks follow from the rest.</param>
/// <param name="TopicId">The topic's id: one that was deleted and made again has another.</param>
/// <param name="BegunAt">Where each lane ended when the run was begun: none of its ticks lies before.</param>
/// <param name="Level">What is told: 1 for ticks, 3 for orders beside them. A run that is older than the choice has 1.</param>
/// <param name="TellsTruth">Whether what is simulated, and what was really so in it, is told beside the ticks. A run that is older than the choice does not tell it.</param>
internal sealed record RunIdentity(
    string Prefix, long Seed, string Start, int Lanes, int Symbols, string? Scenario, string Markets, int Engine, string TopicId, IReadOnlyList<long> BegunAt, int Level = 1, bool TellsTruth = false)
{
    /// <summary>A run's identity, were it begun now.</summary>
    public static RunIdentity Of(MarketRun run, string prefix, string topicId, IReadOnlyList<long> ends) => new(
        prefix, run.Seed, $"{run.FirstDay.Date:yyyy-MM-dd}", run.Lanes, run.Markets.Count, $"{run.Scenario.Name} ({run.Scenario.Digest})",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', run.Markets.Select(m => $"{m.Symbol} {m.StartPrice} {m.TickSize} {m.Lot}")))).AsSpan(0, 8)), MarketEngine.Version,
        topicId, ends, run.Markets.Any(market => market.TellsOrders) ? 3 : 1, run.Markets.Any(market => market.TellsTruth));

    /// <summary>Writes it where the run is new, and compares it with what stands where it is not.</summary>
    /// <returns>What stands.</returns>
    /// <exception cref="CommandException">The run was begun as another; the message names what differs.</exception>
    public static async Task<RunIdentity> EnsureAsync(MarketRun run, LogTopic topic, PublisherSettings settings, KafkaLog log, CancellationToken cancel)
    {
        var mine = Of(run, settings.Prefix, topic.Id, await log.EndsAsync(topic, cancel));
        var record = new SharedRecord(settings, log, KafkaLog.ProgressOf(run.Topic), "run", $"run/{run.RunId}");
        var stands = await record.EnsureAsync(() => Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(mine)), cancel);
        var begun = Read(stands) ?? throw new CommandException(
            $"What {KafkaLog.ProgressOf(run.Topic)} says of run {run.RunId} is not understood by this version. Run the one that began it, or name another run with --run.");
        if (begun.TopicId != mine.TopicId)
        {
            throw new CommandException(
                $"Run {run.RunId} was begun in a topic {run.Topic} that has been deleted since, and made again (its id was {begun.TopicId}, and is {mine.TopicId} now): what it published is gone. Start another run with --run, or name another --topic.");
        }

        if (begun.Lanes != mine.Lanes)
        {
            throw new CommandException(
                $"Topic {run.Topic} had {begun.Lanes} partitions when run {run.RunId} was begun, and has {mine.Lanes} now. A symbol's lane follows from their number, so the run can't go on in it. Start another run with --run, or name another --topic.");
        }

        if (mine.DifferencesFrom(begun) is { Count: > 0 } differences)
        {
            throw new CommandException(
                $"Run {run.RunId} of {run.Topic} was begun otherwise: {string.Join("; ", differences)}. Start it as it was, or name another run with --run.");
        }

        return begun;
    }

    /// <summary>What differs, each in words.</summary>
    public IReadOnlyList<string> DifferencesFrom(RunIdentity begun) =>
    [
        .. new (string Name, object? Was, object? Is)[]
        {
            ("prefix", begun.Prefix, Prefix), ("seed", begun.Seed, Seed), ("start", begun.Start, Start),
            ("symbols", begun.Symbols, Symbols), ("scenario", begun.Scenario, Scenario), ("digest of the symbols", begun.Markets, Markets), ("version of the engine", begun.Engine, Engine), ("level", begun.Level, Level),
            ("truth", Told(begun.TellsTruth), Told(TellsTruth)),
        }.Where(field => !Equals(field.Was, field.Is)).Select(field => $"{field.Name} was {field.Was ?? "none"}, now {field.Is}"),
    ];

    private static string Told(bool isTold) => isTold ? "told" : "not told";

    private static RunIdentity? Read(byte[] stands)
    {
        try
        {
            return JsonSerializer.Deserialize<RunIdentity>(stands);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

namespace StockActors.Pipeline;

/// <summary>A topic that is not what it was when its use began.</summary>
/// <param name="Was">What it was.</param>
/// <param name="Is">What it is now; <c>null</c> where there is none of its name.</param>
public sealed record TopicChange(LogTopic Was, LogTopic? Is)
{
    /// <summary>Whether it is the same topic, with more partitions than before.</summary>
    public bool IsGrowth => Is is { } now && now.Id == Was.Id && now.Lanes > Was.Lanes;

    /// <summary>What happened, as a sentence.</summary>
    public override string ToString() => Is switch
    {
        null => $"Topic {Was.Name} was deleted while its lanes 0 to {Was.Lanes - 1} were in use.",
        var now when now.Id != Was.Id => $"Topic {Was.Name} was deleted while its lanes 0 to {Was.Lanes - 1} were in use, and made again: its id was {Was.Id}, and is {now.Id} now.",
        var now => $"Topic {Was.Name} had {Was.Lanes} partitions, and has {now.Lanes} now.",
    };
}

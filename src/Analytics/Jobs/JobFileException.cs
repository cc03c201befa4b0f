namespace StockActors.Analytics.Jobs;

/// <summary>A file of jobs is wrong.</summary>
public sealed class JobFileException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>A sentence for each error, naming file, job and field, and what is expected there.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

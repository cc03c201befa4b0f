using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>The lake itself can't be used. The message names the place, the cause and what to do.</summary>
public sealed class LakeException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the store or the catalogue has not answered: the same may go well later.</summary>
    public bool MayPass => InnerException is OutcomeUnknownException;
}

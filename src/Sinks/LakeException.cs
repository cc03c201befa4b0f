namespace StockActors.Sinks;

/// <summary>The lake itself can't be used. The message names the place, the cause and what to do.</summary>
public sealed class LakeException(string message, Exception? cause = null) : Exception(message, cause);

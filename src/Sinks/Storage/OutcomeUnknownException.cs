namespace StockActors.Sinks.Storage;

/// <summary>A conditional put whose answer was lost (a time-out, a conflict, an error of the server): it happened, or did not.</summary>
internal sealed class OutcomeUnknownException(string message, Exception? cause = null) : Exception(message, cause);

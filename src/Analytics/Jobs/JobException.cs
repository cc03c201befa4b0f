namespace StockActors.Analytics.Jobs;

/// <summary>A job can't be run as it is asked for or configured. The message names the job, the cause and what to do.</summary>
public sealed class JobException(string message, Exception? cause = null) : Exception(message, cause);

namespace StockActors.Pipeline;

/// <summary>The log cannot do what was asked; the message says what, where and what to do.</summary>
public class LogException : Exception
{
    /// <summary>Makes the error.</summary>
    public LogException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

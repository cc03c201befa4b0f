namespace StockActors.Pipeline;

/// <summary>The log is not what it was, or tells two stories of a run: asking it again does not help, an operator has to decide.</summary>
public sealed class LogContradictionException : LogException
{
    /// <summary>Makes the error.</summary>
    public LogContradictionException(string message)
        : base(message)
    {
    }
}

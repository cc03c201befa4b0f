namespace StockActors.Node;

/// <summary>Progress that is told at once, on the thread that makes it.</summary>
internal sealed class Reported<T>(Action<T> take) : IProgress<T>
{
    public void Report(T value) => take(value);
}

namespace StockActors.Simulator.Book.Streams;

/// <summary>A file is no order stream.</summary>
public sealed class OrderFileException(string file, string problem, Exception? inner = null) : IOException($"{file}: {problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}

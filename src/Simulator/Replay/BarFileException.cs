namespace StockActors.Simulator.Replay;

/// <summary>A file of bars cannot be read as one. What is wrong with single rows is no exception but a <see cref="BadRow"/>.</summary>
public sealed class BarFileException(string file, long? line, string problem, Exception? inner = null)
    : IOException(line is null ? $"{file}: {problem}" : $"{file}, line {line}: {problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line at fault, the header's being 1, where it is one line's fault.</summary>
    public long? Line { get; } = line;
}

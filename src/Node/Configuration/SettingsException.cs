namespace StockActors.Node.Configuration;

/// <summary>The configuration has unknown keys or wrong values.</summary>
public sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence for each, naming source and key.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

namespace StockActors.Sinks.Columns;

/// <summary>The texts that rows of all tables share.</summary>
internal sealed class RowTexts
{
    // A producer that makes up a symbol per record must not fill the memory with them.
    private const int Keep = 100_000;

    public TextTable Symbols { get; } = new();

    public TextTable Runs { get; } = new();

    public TextTable Reasons { get; } = new();

    /// <summary>What runs are simulated by.</summary>
    public TextTable Setups { get; } = new();

    /// <summary>Forgets what has grown too much; no row refers to them any more.</summary>
    public void Trim()
    {
        foreach (var texts in (ReadOnlySpan<TextTable>)[Symbols, Runs, Reasons])
        {
            if (texts.Count > Keep)
                texts.Clear();
        }

        // They are long, and come once.
        Setups.Clear();
    }
}

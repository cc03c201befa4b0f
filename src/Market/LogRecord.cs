namespace StockActors.Market;

/// <summary>One record of a <see cref="RecordBatch"/>, seen in place.</summary>
public readonly ref struct LogRecord
{
    /// <summary>Makes the view.</summary>
    public LogRecord(long offset, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone)
    {
        Offset = offset;
        Key = key;
        Value = value;
        IsTombstone = isTombstone;
    }

    /// <summary>Its offset in the lane.</summary>
    public long Offset { get; }

    /// <summary>Its key; empty where it has none.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Its value; empty for a tombstone.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether it has no value at all.</summary>
    public bool IsTombstone { get; }
}

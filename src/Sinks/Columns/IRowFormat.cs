namespace StockActors.Sinks.Columns;

/// <summary>How rows lie in data objects. One value serves one writer; only <see cref="Inspect"/> may be called at the same time.</summary>
internal interface IRowFormat
{
    /// <summary>Writes gathered rows as an object, by symbol, sequence and place in the log.</summary>
    EncodedRows Encode(TableColumns rows);

    /// <summary>Counts and sums an object's rows; <c>null</c> where it is none.</summary>
    (long Rows, string Checksum)? Inspect(byte[] content);

    /// <summary>
    /// Writes the rows of objects of one table anew, by symbol, sequence, object and place in it, as objects of a number of rows, of which
    /// the last may have fewer. Equal inputs give equal rows.
    /// </summary>
    IEnumerable<EncodedRows> Merge(string table, IReadOnlyList<byte[]> objects, int rowsPerObject);
}

namespace StockActors.Sinks.Columns;

/// <summary>Rows as a Parquet file.</summary>
/// <param name="Content">The file.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Checksum">Of the rows (<see cref="RowChecksum"/>).</param>
internal sealed record EncodedRows(byte[] Content, long Rows, string Checksum);

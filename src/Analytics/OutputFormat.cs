namespace StockActors.Analytics;

/// <summary>How <see cref="ResultWriter"/> writes a result.</summary>
public enum OutputFormat
{
    /// <summary>Aligned columns for people, with the number of rows as the last line.</summary>
    Table,

    /// <summary>RFC 4180 with a header line; NULL is an empty field, an empty text is <c>""</c>.</summary>
    Csv,

    /// <summary>One JSON array of an object per row, without a line break.</summary>
    Json,
}

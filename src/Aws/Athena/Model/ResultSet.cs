namespace Amazon.Athena.Model;

/// <summary>Rows, and what their columns are.</summary>
public sealed class ResultSet
{
    /// <summary>The rows; a query's first page begins with its columns' names as one.</summary>
    public List<Row>? Rows { get; set; }

    /// <summary>The columns.</summary>
    public ResultSetMetadata? ResultSetMetadata { get; set; }
}

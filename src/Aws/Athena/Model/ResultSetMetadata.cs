namespace Amazon.Athena.Model;

/// <summary>What the columns of a result are.</summary>
public sealed class ResultSetMetadata
{
    /// <summary>The columns in their order.</summary>
    public List<ColumnInfo>? ColumnInfo { get; set; }
}

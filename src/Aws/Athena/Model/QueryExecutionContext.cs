namespace Amazon.Athena.Model;

/// <summary>Where names of tables without a database are looked up.</summary>
public sealed class QueryExecutionContext
{
    /// <summary>The database.</summary>
    public string? Database { get; set; }

    /// <summary>The catalogue; Glue's where none is named.</summary>
    public string? Catalog { get; set; }
}

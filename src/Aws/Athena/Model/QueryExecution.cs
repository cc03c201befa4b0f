namespace Amazon.Athena.Model;

/// <summary>A query as it stands.</summary>
public sealed class QueryExecution
{
    /// <summary>What it is called.</summary>
    public string? QueryExecutionId { get; set; }

    /// <summary>Its SQL.</summary>
    public string? Query { get; set; }

    /// <summary><c>DML</c> for a query, <c>DDL</c> or <c>UTILITY</c>: only the first has a row of headings before its results.</summary>
    public string? StatementType { get; set; }

    /// <summary>How far it is.</summary>
    public QueryExecutionStatus? Status { get; set; }

    /// <summary>What it has cost so far.</summary>
    public QueryExecutionStatistics? Statistics { get; set; }

    /// <summary>Where its results lie.</summary>
    public ResultConfiguration? ResultConfiguration { get; set; }

    /// <summary>Its workgroup.</summary>
    public string? WorkGroup { get; set; }
}

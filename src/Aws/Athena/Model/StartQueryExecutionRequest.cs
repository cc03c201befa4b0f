using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>Begins a query.</summary>
public sealed class StartQueryExecutionRequest : AmazonWebServiceRequest
{
    /// <summary>The SQL.</summary>
    public string? QueryString { get; set; }

    /// <summary>A request that is repeated with the same token, of 32 to 128 characters, begins nothing again and is answered alike.</summary>
    public string? ClientRequestToken { get; set; }

    /// <summary>What stands for the question marks in the SQL, in their order, as SQL writes values.</summary>
    public List<string>? ExecutionParameters { get; set; }

    /// <summary>Where names of tables without a database are looked up.</summary>
    public QueryExecutionContext? QueryExecutionContext { get; set; }

    /// <summary>Where the results go; a workgroup may have a place of its own, and insist on it.</summary>
    public ResultConfiguration? ResultConfiguration { get; set; }

    /// <summary>Whether an earlier query's results will do.</summary>
    public ResultReuseConfiguration? ResultReuseConfiguration { get; set; }

    /// <summary>The workgroup; <c>primary</c> where none is named.</summary>
    public string? WorkGroup { get; set; }
}

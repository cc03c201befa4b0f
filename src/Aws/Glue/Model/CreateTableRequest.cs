using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Makes a table.</summary>
public sealed class CreateTableRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>What it is to be.</summary>
    public TableInput? TableInput { get; set; }
}

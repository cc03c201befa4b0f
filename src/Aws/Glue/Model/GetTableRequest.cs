using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Asks for a table.</summary>
public sealed class GetTableRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>The table.</summary>
    public string? Name { get; set; }
}

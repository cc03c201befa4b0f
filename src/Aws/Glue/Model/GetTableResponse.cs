using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>A table as it stands.</summary>
public sealed class GetTableResponse : AmazonWebServiceResponse
{
    /// <summary>The table.</summary>
    public Table? Table { get; set; }
}

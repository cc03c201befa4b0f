using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Makes a database.</summary>
public sealed class CreateDatabaseRequest : AmazonWebServiceRequest
{
    /// <summary>What it is to be.</summary>
    public DatabaseInput? DatabaseInput { get; set; }
}

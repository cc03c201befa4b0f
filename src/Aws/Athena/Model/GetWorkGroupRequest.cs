using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>Asks what a workgroup allows.</summary>
public sealed class GetWorkGroupRequest : AmazonWebServiceRequest
{
    /// <summary>The workgroup.</summary>
    public string? WorkGroup { get; set; }
}

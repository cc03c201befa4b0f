using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>What a workgroup allows.</summary>
public sealed class GetWorkGroupResponse : AmazonWebServiceResponse
{
    /// <summary>The workgroup.</summary>
    public WorkGroup? WorkGroup { get; set; }
}

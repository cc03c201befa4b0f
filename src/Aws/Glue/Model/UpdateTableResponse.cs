using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>The table is changed.</summary>
public sealed class UpdateTableResponse : AmazonWebServiceResponse;

using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>The table is made.</summary>
public sealed class CreateTableResponse : AmazonWebServiceResponse;

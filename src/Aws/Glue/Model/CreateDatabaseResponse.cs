using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>The database is made.</summary>
public sealed class CreateDatabaseResponse : AmazonWebServiceResponse;

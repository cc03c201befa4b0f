using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>The service took too long.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class OperationTimeoutException(ErrorResponse error) : AmazonGlueException(error);

using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>The service has failed.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class InternalServiceException(ErrorResponse error) : AmazonGlueException(error);

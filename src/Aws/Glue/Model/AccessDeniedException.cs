using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>These credentials may not do this.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class AccessDeniedException(ErrorResponse error) : AmazonGlueException(error);

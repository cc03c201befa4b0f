using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>These credentials may not do this.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class AccessDeniedException(ErrorResponse error) : AmazonAthenaException(error);

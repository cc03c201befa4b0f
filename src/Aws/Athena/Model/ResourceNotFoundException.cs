using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>What was asked for does not exist.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class ResourceNotFoundException(ErrorResponse error) : AmazonAthenaException(error);

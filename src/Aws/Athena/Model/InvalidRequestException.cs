using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>The service does not take this: a parameter, or a query that it has not.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class InvalidRequestException(ErrorResponse error) : AmazonAthenaException(error);

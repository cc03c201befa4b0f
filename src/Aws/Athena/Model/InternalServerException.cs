using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>The service has failed.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class InternalServerException(ErrorResponse error) : AmazonAthenaException(error);

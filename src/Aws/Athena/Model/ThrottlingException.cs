using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>More was asked than the service answers at a time.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class ThrottlingException(ErrorResponse error) : AmazonAthenaException(error);

using Amazon.Runtime.Internal;

namespace Amazon.Athena.Model;

/// <summary>The catalogue has not answered the service as it should.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class MetadataException(ErrorResponse error) : AmazonAthenaException(error);

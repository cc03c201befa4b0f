using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Athena;

/// <summary>An error that Athena has named.</summary>
/// <param name="error">The error as the service has told it.</param>
public class AmazonAthenaException(ErrorResponse error)
    : AmazonServiceException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode);

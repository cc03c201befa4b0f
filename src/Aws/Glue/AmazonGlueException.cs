using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Glue;

/// <summary>An error that Glue has named.</summary>
/// <param name="error">The error as the service has told it.</param>
public class AmazonGlueException(ErrorResponse error)
    : AmazonServiceException(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode);

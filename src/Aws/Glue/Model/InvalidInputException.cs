using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>The service does not take this.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class InvalidInputException(ErrorResponse error) : AmazonGlueException(error);

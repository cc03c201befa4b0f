using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>What was to be made exists.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class AlreadyExistsException(ErrorResponse error) : AmazonGlueException(error);

using Amazon.Runtime.Internal;

namespace Amazon.Glue.Model;

/// <summary>What was to be changed is another by now.</summary>
/// <param name="error">The error as the service has told it.</param>
public sealed class ConcurrentModificationException(ErrorResponse error) : AmazonGlueException(error);

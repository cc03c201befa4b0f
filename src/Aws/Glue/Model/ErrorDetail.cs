namespace Amazon.Glue.Model;

/// <summary>An error of one member of a batch.</summary>
public sealed class ErrorDetail
{
    /// <summary>The name of the exception that it would be alone.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>What has happened.</summary>
    public string? ErrorMessage { get; set; }
}

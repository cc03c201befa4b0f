namespace Amazon.Athena.Model;

/// <summary>Why a query has failed, by kind.</summary>
public sealed class AthenaError
{
    /// <summary>1 for the service's fault, 2 for the user's, 3 for another's.</summary>
    public int? ErrorCategory { get; set; }

    /// <summary>Which error it is, as the service numbers them.</summary>
    public int? ErrorType { get; set; }

    /// <summary>What has happened.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>Whether it may succeed if begun again.</summary>
    public bool? Retryable { get; set; }
}

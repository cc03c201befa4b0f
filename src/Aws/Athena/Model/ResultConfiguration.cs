namespace Amazon.Athena.Model;

/// <summary>Where results go.</summary>
public sealed class ResultConfiguration
{
    /// <summary>A folder on S3, or the very object where a query tells where its own lie.</summary>
    public string? OutputLocation { get; set; }
}

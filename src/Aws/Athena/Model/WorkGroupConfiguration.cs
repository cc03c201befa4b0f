namespace Amazon.Athena.Model;

/// <summary>What a workgroup allows its queries.</summary>
public sealed class WorkGroupConfiguration
{
    /// <summary>The most bytes that one of them may read, 10,000,000 or more; without a limit <c>null</c>.</summary>
    public long? BytesScannedCutoffPerQuery { get; set; }

    /// <summary>Whether it insists on its own place for results.</summary>
    public bool? EnforceWorkGroupConfiguration { get; set; }

    /// <summary>Where results go.</summary>
    public ResultConfiguration? ResultConfiguration { get; set; }
}

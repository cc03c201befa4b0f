namespace Amazon.Athena.Model;

/// <summary>Queries that are limited and paid for together.</summary>
public sealed class WorkGroup
{
    /// <summary>What it is called.</summary>
    public string? Name { get; set; }

    /// <summary><c>ENABLED</c> or <c>DISABLED</c>.</summary>
    public string? State { get; set; }

    /// <summary>What it allows.</summary>
    public WorkGroupConfiguration? Configuration { get; set; }
}

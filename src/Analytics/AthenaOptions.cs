namespace StockActors.Analytics;

/// <summary>How <see cref="AthenaEngine"/> asks.</summary>
public sealed record AthenaOptions
{
    private const long Megabyte = 1L << 20;
    private const long Terabyte = 1L << 40;
    private const long LeastMegabytes = 10;

    /// <summary>Where names of tables are looked up.</summary>
    public required string Database { get; init; }

    /// <summary>Where results are put, <c>s3://BUCKET/PREFIX/</c>, unless the workgroup has a place of its own and insists on it.</summary>
    public required string Output { get; init; }

    /// <summary>The workgroup; <c>null</c> is the account's <c>primary</c>.</summary>
    public string? WorkGroup { get; init; }

    /// <summary>How old the results of an earlier query of the same words may be to do for this one, in whole minutes up to 7 days; <c>null</c> is never.</summary>
    public TimeSpan? ResultReuse { get; init; }

    /// <summary>What the service asks for a terabyte read, in US dollars.</summary>
    public decimal DollarsPerTerabyte { get; init; } = 5;

    /// <summary>Where the service is, for messages: its URL, or its region.</summary>
    public string Address { get; init; } = "its address";

    /// <summary>What reading so many bytes costs a query, in US dollars: whole megabytes, 10 at least, as the service charges.</summary>
    public decimal DollarsFor(long bytes) => Math.Max(LeastMegabytes, (bytes + Megabyte - 1) / Megabyte) * Megabyte * DollarsPerTerabyte / Terabyte;
}

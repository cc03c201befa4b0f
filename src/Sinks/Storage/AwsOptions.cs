namespace StockActors.Sinks.Storage;

/// <summary>How long and how often a service of AWS is called.</summary>
internal sealed record AwsOptions
{
    /// <summary>Where the service is, for messages: its URL, or its region.</summary>
    public string Address { get; init; } = "its address";

    /// <summary>Told when the service is waited for, and when it answers again.</summary>
    public Action<string>? Told { get; init; }

    /// <summary>How long nothing may have been answered before that is told.</summary>
    public TimeSpan TellAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most requests at a time.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>How long one request may take: 10 s of latency each way are still an answer.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call is repeated.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The same while the service has never answered yet: then it is rather the configuration that is wrong.</summary>
    public TimeSpan FirstDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most that is waited before the first repeat.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The most that is waited before any.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes beyond which an object is put in parts.</summary>
    public int MultipartBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of a part; S3 wants 5 MB at least of all but the last.</summary>
    public int PartBytes { get; init; } = 8 * 1024 * 1024;
}

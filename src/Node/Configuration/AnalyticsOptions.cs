using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Analytics</c>: who answers SQL.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>How many queries run at once.</summary>
    [Range(1, 256)]
    public int MaxRunning { get; set; } = 4;

    /// <summary>How many wait behind them before the answer is "busy".</summary>
    [Range(0, 10_000)]
    public int MaxWaiting { get; set; } = 64;

    /// <summary>After which a query is stopped.</summary>
    public Duration Timeout { get; set; } = new(TimeSpan.FromMinutes(5));

    /// <summary>Memory the SQL engine may use, in MB.</summary>
    [Range(64, 1_000_000)]
    public int MemoryLimitMb { get; set; } = 1024;

    /// <summary>Where DuckDB's copies of the objects of lakes on S3 are kept; a folder of the user's own cache by default.</summary>
    public string? CacheDirectory { get; set; }

    /// <summary>What the copies of one lake may take, in MB.</summary>
    [Range(1, 100_000_000)]
    public int CacheMb { get; set; } = 4096;
}

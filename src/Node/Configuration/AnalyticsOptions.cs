using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Analytics</c>: who answers SQL.</summary>
public sealed class AnalyticsOptions : IValidatableObject
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

    /// <summary>What the copies of all lakes may take together, in MB.</summary>
    [Range(1, 100_000_000)]
    public int CacheMb { get; set; } = 4096;

    /// <summary>The file of the jobs that the cluster runs; absent, those that come with the program.</summary>
    public string? Jobs { get; set; }

    /// <summary>Athena's workgroup; the account's <c>primary</c> by default.</summary>
    [RegularExpression("^[a-zA-Z0-9._-]{1,128}$", ErrorMessage = "{0} must be 1 to 128 letters, digits, dots, underscores and dashes, as Athena takes them.")]
    public string? WorkGroup { get; set; }

    /// <summary>
    /// How old the results of an earlier query of the same words may be to do for this one, where Athena answers: up to 7 days, in whole minutes. Absent,
    /// each is run anew.
    /// </summary>
    public Duration? ResultReuse { get; set; }

    /// <summary>What Athena asks for a terabyte read, in US dollars.</summary>
    [Range(typeof(decimal), "0", "1000000")]
    public decimal DollarsPerTerabyte { get; set; } = 5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ResultReuse is { } age && (age.Span < TimeSpan.FromMinutes(1) || age.Span > TimeSpan.FromDays(7)))
            yield return new ValidationResult("Results are reused for 1m to 7d; leave it out to have each query run anew.", [nameof(ResultReuse)]);
    }
}

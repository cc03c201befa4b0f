using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Cluster</c>: this node among others.</summary>
public sealed class ClusterOptions : IValidatableObject
{
    /// <summary>Publishes: its share of the run's lanes.</summary>
    public const string Market = "market";

    /// <summary>Brings the topic into the lake: its share of the lanes.</summary>
    public const string Ingest = "ingest";

    /// <summary>Answers SQL.</summary>
    public const string Analytics = "analytics";

    private static readonly string[] Known = [Market, Ingest, Analytics];

    /// <summary>The address this node binds to and is known by.</summary>
    [Required]
    public string Hostname { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>Nodes to join by, <c>host:port,host:port</c>, the same list on every node; absent, this node is a cluster of its own.</summary>
    public string? SeedNodes { get; set; }

    /// <summary>What this node does: one or more of <c>market,ingest,analytics</c>.</summary>
    [Required]
    public string Roles { get; set; } = string.Join(',', Known);

    /// <summary>How long to wait for a seed node that answers.</summary>
    public Duration JoinTimeout { get; set; } = new(TimeSpan.FromSeconds(60));

    internal IReadOnlySet<string> RoleSet => Split(Roles).ToHashSet(StringComparer.Ordinal);

    internal IReadOnlyList<string> Seeds => [.. Split(SeedNodes ?? "")];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Split(Roles).Except(Known).Any() || Split(Roles).Length == 0)
            yield return new ValidationResult($"Roles are {string.Join(", ", Known)}, one or more, parted by commas.", [nameof(Roles)]);
        if (Seeds.FirstOrDefault(seed => !IsAddress(seed)) is { } wrong)
            yield return new ValidationResult($"'{wrong}' is no host:port; write them as 10.0.0.1:4053,10.0.0.2:4053.", [nameof(SeedNodes)]);
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a text is <c>host:port</c>.</summary>
    internal static bool IsAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535;
    }
}

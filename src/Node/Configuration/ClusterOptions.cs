using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Cluster</c>: this node among others.</summary>
public sealed class ClusterOptions
{
    /// <summary>The address this node binds to and is known by.</summary>
    [Required]
    public string Hostname { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }
}

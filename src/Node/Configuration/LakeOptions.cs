using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Lake</c>: where the ticks are kept.</summary>
public sealed class LakeOptions
{
    /// <summary>A directory.</summary>
    [Required]
    public string Location { get; set; } = "./lake";
}

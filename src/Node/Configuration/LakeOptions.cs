using System.ComponentModel.DataAnnotations;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Lake</c>: where the ticks are kept.</summary>
public sealed class LakeOptions
{
    /// <summary>A directory, or <c>s3://BUCKET/PREFIX</c>.</summary>
    [Required]
    public string Location { get; set; } = "./lake";

    /// <summary>The Glue database of a lake on S3; absent, the one that the lake has, or else one named after it. A directory has its own catalogue.</summary>
    [RegularExpression("^[a-z][a-z0-9_]{0,254}$", ErrorMessage = "{0} must be 1 to 255 small letters, digits and underscores, a letter first, as Athena takes them.")]
    public string? Database { get; set; }

    /// <summary>Opens it. What of it is waited for is told on standard error.</summary>
    /// <exception cref="Sinks.LakeException">The location can't be used.</exception>
    internal Sinks.Lake Open() => Sinks.Lake.Open(Location, database: Database, told: Console.Error.WriteLine);

    /// <summary>Opens it for a command that does not make one.</summary>
    /// <exception cref="Sinks.LakeException">There is no such directory, or the location can't be used.</exception>
    internal Sinks.Lake OpenExisting() => Location.Contains("://", StringComparison.Ordinal) || Directory.Exists(Location)
        ? Open()
        : throw new Sinks.LakeException($"There is no lake at {Path.GetFullPath(Location)}. Name one with --lake; 'stockactors demo' makes one.");
}

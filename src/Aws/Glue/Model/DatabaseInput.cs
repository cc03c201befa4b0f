namespace Amazon.Glue.Model;

/// <summary>A database as it is made.</summary>
public sealed class DatabaseInput
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>What it is, for people.</summary>
    public string? Description { get; set; }

    /// <summary>Where its tables lie by default.</summary>
    public string? LocationUri { get; set; }

    /// <summary>What programs have to say of it.</summary>
    public Dictionary<string, string>? Parameters { get; set; }
}

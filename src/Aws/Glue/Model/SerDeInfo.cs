namespace Amazon.Glue.Model;

/// <summary>What reads rows out of files.</summary>
public sealed class SerDeInfo
{
    /// <summary>Its class.</summary>
    public string? SerializationLibrary { get; set; }

    /// <summary>Its settings.</summary>
    public Dictionary<string, string>? Parameters { get; set; }
}

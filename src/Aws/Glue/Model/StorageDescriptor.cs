namespace Amazon.Glue.Model;

/// <summary>Where and how rows are stored.</summary>
public sealed class StorageDescriptor
{
    /// <summary>The columns of the files.</summary>
    public List<Column>? Columns { get; set; }

    /// <summary>A URI; partitions say their own.</summary>
    public string? Location { get; set; }

    /// <summary>The class that splits files.</summary>
    public string? InputFormat { get; set; }

    /// <summary>The class that writes them.</summary>
    public string? OutputFormat { get; set; }

    /// <summary>What reads rows out of them.</summary>
    public SerDeInfo? SerdeInfo { get; set; }

    /// <summary>Whether the files are compressed as a whole.</summary>
    public bool? Compressed { get; set; }

    /// <summary>Into how many buckets the files are cut; 0 for none.</summary>
    public int? NumberOfBuckets { get; set; }

    /// <summary>Whether the rows lie in folders below.</summary>
    public bool? StoredAsSubDirectories { get; set; }

    /// <summary>What programs have to say of it.</summary>
    public Dictionary<string, string>? Parameters { get; set; }
}

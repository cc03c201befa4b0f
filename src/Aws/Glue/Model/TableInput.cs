namespace Amazon.Glue.Model;

/// <summary>A table as it is made or changed.</summary>
public sealed class TableInput
{
    /// <summary>Its name, in small letters.</summary>
    public string? Name { get; set; }

    /// <summary>What it is, for people.</summary>
    public string? Description { get; set; }

    /// <summary>Where and how its rows are stored.</summary>
    public StorageDescriptor? StorageDescriptor { get; set; }

    /// <summary>The keys of its partitions, outermost first.</summary>
    public List<Column>? PartitionKeys { get; set; }

    /// <summary><c>EXTERNAL_TABLE</c> for files that are not the catalogue's own.</summary>
    public string? TableType { get; set; }

    /// <summary>What programs have to say of it.</summary>
    public Dictionary<string, string>? Parameters { get; set; }
}

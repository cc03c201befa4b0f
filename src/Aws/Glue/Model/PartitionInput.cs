namespace Amazon.Glue.Model;

/// <summary>A partition as it is made or changed.</summary>
public sealed class PartitionInput
{
    /// <summary>The values of its keys, in the order of the keys.</summary>
    public List<string>? Values { get; set; }

    /// <summary>Where and how its rows are stored.</summary>
    public StorageDescriptor? StorageDescriptor { get; set; }

    /// <summary>What programs have to say of it.</summary>
    public Dictionary<string, string>? Parameters { get; set; }
}

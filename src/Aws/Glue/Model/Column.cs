namespace Amazon.Glue.Model;

/// <summary>A column, or a partition key.</summary>
public sealed class Column
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>Its type in Hive's words.</summary>
    public string? Type { get; set; }

    /// <summary>What it is, for people.</summary>
    public string? Comment { get; set; }
}

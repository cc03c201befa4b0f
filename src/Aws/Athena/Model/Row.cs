namespace Amazon.Athena.Model;

/// <summary>A row of a result.</summary>
public sealed class Row
{
    /// <summary>Its fields in the order of the columns.</summary>
    public List<Datum>? Data { get; set; }
}

namespace Amazon.Athena.Model;

/// <summary>A field of a row.</summary>
public sealed class Datum
{
    /// <summary>Its value as text, whatever its type; <c>null</c> for NULL.</summary>
    public string? VarCharValue { get; set; }
}

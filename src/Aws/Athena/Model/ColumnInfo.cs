namespace Amazon.Athena.Model;

/// <summary>A column of a result.</summary>
public sealed class ColumnInfo
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>Its type, in small letters and without figures: <c>decimal</c>, <c>varchar</c>.</summary>
    public string? Type { get; set; }

    /// <summary>How many digits a decimal has.</summary>
    public int? Precision { get; set; }

    /// <summary>How many of them stand behind the point.</summary>
    public int? Scale { get; set; }
}

namespace StockActors.Sinks;

/// <summary>
/// What an epoch's rows depend on beside the log. Whoever changes one of the two raises its number, or another build would finish an epoch
/// with other rows.
/// </summary>
internal static class LakeVersions
{
    /// <summary>The rules that make a row, a dead letter and a partition from a record.</summary>
    public const int Decoder = 3;

    /// <summary>The tables' columns.</summary>
    public const int Schema = 1;
}

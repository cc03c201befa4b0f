namespace StockActors.Analytics.Jobs;

/// <summary>An object of a result.</summary>
/// <param name="Key">Its key in the lake.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ResultObject(string Key, long Rows, long Bytes);

namespace StockActors.Sinks.Storage;

/// <summary>An object as a listing has it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct ListedObject(string Key, long Bytes);

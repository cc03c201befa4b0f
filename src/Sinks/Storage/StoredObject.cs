namespace StockActors.Sinks.Storage;

/// <summary>An object as it was read.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">Changes when the object does.</param>
internal sealed record StoredObject(byte[] Content, string ETag);

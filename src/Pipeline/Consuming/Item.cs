namespace StockActors.Pipeline.Consuming;

/// <summary>An element that waits to be pushed.</summary>
/// <param name="Value">The element; absent where it could not be made.</param>
/// <param name="Next">The offset behind it.</param>
/// <param name="Failure">Why it could not be made.</param>
internal readonly record struct Item<T>(T? Value, long Next, Exception? Failure = null);

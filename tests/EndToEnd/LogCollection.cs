namespace StockActors.EndToEnd;

/// <summary>The tests of the log and of what can befall it, one after the other. Those of publishing and of lakes run beside them, on the same stack.</summary>
[CollectionDefinition(Name)]
public sealed class LogCollection : ICollectionFixture<Stack>
{
    public const string Name = "log";
}

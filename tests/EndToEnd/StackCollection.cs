namespace StockActors.EndToEnd;

/// <summary>The tests of publishing, one after the other. Those of the log and of lakes run beside them, on the same stack.</summary>
[CollectionDefinition(Name)]
public sealed class StackCollection : ICollectionFixture<Stack>
{
    public const string Name = "stack";
}

namespace StockActors.EndToEnd;

/// <summary>The tests that share the one stack.</summary>
[CollectionDefinition(Name)]
public sealed class StackCollection : ICollectionFixture<Stack>
{
    public const string Name = "stack";
}

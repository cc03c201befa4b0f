namespace StockActors.EndToEnd;

/// <summary>The tests that take a part of the stack away: nobody else is there then.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OutageCollection : ICollectionFixture<Stack>
{
    public const string Name = "outages";
}

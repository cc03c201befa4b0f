namespace StockActors.EndToEnd;

/// <summary>The tests of lakes, on S3 and off it, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LakeCollection : ICollectionFixture<Stack>
{
    public const string Name = "lake";
}

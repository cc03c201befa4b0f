namespace StockActors.Sinks.Tests;

/// <summary>What the other tests build on.</summary>
public class MemoryStoreTests
{
    [Theory]
    [MemberData(nameof(ObjectStoreContract.Rules), MemberType = typeof(ObjectStoreContract))]
    public Task It_keeps_the_rules_of_an_object_store(string rule) => ObjectStoreContract.CheckAsync(rule, new MemoryStore());
}

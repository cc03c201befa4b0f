using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

/// <summary>What every object store keeps to, as far as it can be seen from outside: the same rules for all of them.</summary>
internal static class ObjectStoreContract
{
    private static readonly Dictionary<string, Func<IObjectStore, Task>> All = new()
    {
        ["Of many that put one key exactly one creates it"] = OfManyThatPutOneKeyExactlyOneCreatesItAsync,
        ["An object is replaced only while it is the one that was read"] = AnObjectIsReplacedOnlyWhileItIsTheOneThatWasReadAsync,
        ["What is put is read as it was, also nothing and much"] = WhatIsPutIsReadAsItWasAsync,
        ["What is not there is absent and deleting it is no error"] = WhatIsNotThereIsAbsentAsync,
        ["Listings give the keys below a folder, however many"] = ListingsGiveTheKeysBelowAFolderAsync,
    };

    /// <summary>The rules, for a theory.</summary>
    public static TheoryData<string> Rules { get; } = [.. All.Keys];

    /// <summary>Checks one rule on an empty store.</summary>
    public static Task CheckAsync(string rule, IObjectStore store) => All[rule](store);

    private static async Task OfManyThatPutOneKeyExactlyOneCreatesItAsync(IObjectStore store)
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"a/b={round}/c.json";
            var won = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SettledAsync(store, key, [(byte)i])));
            var content = (await store.GetAsync(key, default))!.Content;
            var winner = Assert.Single(content);

            // One whose answer was unknown may have been told then that it stands there: its own.
            Assert.All(Enumerable.Range(0, 12).Where(i => won[i]), i => Assert.Equal(winner, i));
            Assert.False(await store.PutIfAbsentAsync(key, new byte[] { 99 }, default));
            Assert.Equal([winner], (await store.GetAsync(key, default))!.Content);
        }
    }

    private static async Task AnObjectIsReplacedOnlyWhileItIsTheOneThatWasReadAsync(IObjectStore store)
    {
        await store.PutIfAbsentAsync("x", new byte[] { 1 }, default);
        var read = await store.GetAsync("x", default);
        Assert.True(await store.ReplaceAsync("x", read!.ETag, new byte[] { 2 }, default));
        Assert.False(await store.ReplaceAsync("x", read.ETag, new byte[] { 3 }, default));
        Assert.False(await store.ReplaceAsync("y", read.ETag, new byte[] { 3 }, default));
        Assert.Equal([2], (await store.GetAsync("x", default))!.Content);
        Assert.False(await store.ExistsAsync("y", default));
    }

    private static async Task WhatIsPutIsReadAsItWasAsync(IObjectStore store)
    {
        foreach (var length in new[] { 0, 1, 70_000, 3_000_000 })
        {
            var content = new byte[length + 7];
            new Random(length).NextBytes(content);

            // Not from the start of its array: what is around it is not the object's.
            var slice = content.AsMemory(3, length);
            Assert.True(await store.PutIfAbsentAsync($"t/{length}", slice, default));
            Assert.Equal(slice.ToArray(), (await store.GetAsync($"t/{length}", default))!.Content);
            await store.PutAsync($"t/{length}", content, default);
            Assert.Equal(content, (await store.GetAsync($"t/{length}", default))!.Content);
        }
    }

    private static async Task WhatIsNotThereIsAbsentAsync(IObjectStore store)
    {
        Assert.Null(await store.GetAsync("t/none", default));
        Assert.False(await store.ExistsAsync("t/none", default));
        await store.DeleteAsync("t/none", default);
        Assert.Empty(await store.ListAsync("none/", default).ToListAsync());
        Assert.Empty(await store.ListFoldersAsync("none/", default).ToListAsync());
        await store.PutIfAbsentAsync("t/some", new byte[] { 1 }, default);
        Assert.True(await store.ExistsAsync("t/some", default));
        await store.DeleteAsync("t/some", default);
        await store.DeleteAsync("t/some", default);
        Assert.False(await store.ExistsAsync("t/some", default));
        Assert.True(await store.PutIfAbsentAsync("t/some", new byte[] { 2 }, default));
    }

    private static async Task ListingsGiveTheKeysBelowAFolderAsync(IObjectStore store)
    {
        // More than S3 gives in one page.
        var many = Enumerable.Range(0, 1_050).Select(i => $"many/{i:D5}").ToList();
        await Parallel.ForEachAsync(many, async (key, _) => await store.PutAsync(key, new byte[] { 1 }, default));
        foreach (var key in new[] { "t/p=1/a", "t/p=1/q=2/b", "t2/c" })
            await store.PutIfAbsentAsync(key, new byte[] { 1, 2 }, default);
        Assert.Equal(many.Select(key => new ListedObject(key, 1)), (await store.ListAsync("many/", default).ToListAsync()).OrderBy(listed => listed.Key, StringComparer.Ordinal));
        Assert.Equal(
            [new ListedObject("t/p=1/a", 2), new ListedObject("t/p=1/q=2/b", 2)],
            (await store.ListAsync("t/", default).ToListAsync()).OrderBy(listed => listed.Key, StringComparer.Ordinal));
        Assert.Equal(["many", "t", "t2"], (await store.ListFoldersAsync("", default).ToListAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["p=1"], await store.ListFoldersAsync("t/", default).ToListAsync());
    }

    private static async Task<bool> SettledAsync(IObjectStore store, string key, byte[] content)
    {
        while (true)
        {
            try
            {
                return await store.PutIfAbsentAsync(key, content, default);
            }
            catch (OutcomeUnknownException)
            {
                await Task.Yield();
            }
        }
    }
}

using Amazon.S3;
using Amazon.S3.Model;
using StockActors.Sinks.Storage;
using StockActors.Sinks.Tests;

namespace StockActors.EndToEnd;

/// <summary>The store of objects on a real S3.</summary>
[Collection(LakeCollection.Name)]
public sealed class S3StoreTests(Stack stack) : IAsyncLifetime
{
    /// <summary>Parts as small as S3 allows, so that what has parts need not be large.</summary>
    private static readonly AwsOptions Small = new() { MultipartBytes = 1024 * 1024, PartBytes = 5 * 1024 * 1024 };

    private Cloud _cloud = null!;
    private AmazonS3Client _s3 = null!;

    public async Task InitializeAsync()
    {
        if (Stack.Script is null)
            return;
        _cloud = await Cloud.StartAsync(stack);
        _s3 = _cloud.Client();
    }

    public Task DisposeAsync()
    {
        _s3?.Dispose();
        _cloud?.Dispose();
        return Task.CompletedTask;
    }

    [StackTheory]
    [MemberData(nameof(ObjectStoreContract.Rules), MemberType = typeof(ObjectStoreContract))]
    public Task It_keeps_the_rules_of_an_object_store(string rule) => ObjectStoreContract.CheckAsync(rule, Store());

    [StackTheory]
    [MemberData(nameof(ObjectStoreContract.Rules), MemberType = typeof(ObjectStoreContract))]
    public async Task It_keeps_them_with_objects_in_parts_and_leaves_none_of_these(string rule)
    {
        await ObjectStoreContract.CheckAsync(rule, Store(Small with { MultipartBytes = 0 }));
        await AssertNoPartsAsync();
    }

    [StackFact]
    public async Task Of_many_that_put_one_large_object_in_parts_exactly_one_creates_it()
    {
        var store = Store(Small);
        var contents = Enumerable.Range(0, 4).Select(i => Random(11 * 1024 * 1024 + i, seed: i)).ToList();
        var won = await Task.WhenAll(contents.Select(content => PutAsync(store, content)));

        var stored = (await store.GetAsync("large", default))!.Content;
        var winner = contents.FindIndex(content => content.AsSpan().SequenceEqual(stored));
        Assert.True(winner >= 0, "what stands there is nobody's");
        Assert.All(Enumerable.Range(0, 4).Where(i => won[i] == true), i => Assert.Equal(winner, i));
        Assert.False(await store.PutIfAbsentAsync("large", contents[0], default));
        await AssertNoPartsAsync();

        // null: not known, as after any conflict.
        static async Task<bool?> PutAsync(S3Store store, byte[] content)
        {
            try
            {
                return await store.PutIfAbsentAsync("large", content, default);
            }
            catch (OutcomeUnknownException)
            {
                return null;
            }
        }
    }

    [StackFact]
    public async Task Large_objects_are_replaced_only_while_they_are_what_was_read()
    {
        var store = Store(Small);
        var (first, second) = (Random(6 * 1024 * 1024, seed: 1), Random(6 * 1024 * 1024, seed: 2));
        Assert.True(await store.PutIfAbsentAsync("large", first, default));
        var read = (await store.GetAsync("large", default))!;
        Assert.True(await store.ReplaceAsync("large", read.ETag, second, default));
        Assert.False(await store.ReplaceAsync("large", read.ETag, first, default));
        Assert.Equal(second, (await store.GetAsync("large", default))!.Content);
        await AssertNoPartsAsync();
    }

    [StackFact]
    public async Task A_put_that_is_given_up_leaves_no_parts()
    {
        using var stop = new CancellationTokenSource();
        var store = Store(Small with { Concurrency = 1 });
        var put = store.PutIfAbsentAsync("large", Random(40 * 1024 * 1024, seed: 1), stop.Token);
        while ((await _s3.ListMultipartUploadsAsync(_cloud.Bucket)).MultipartUploads is null or [])
            Assert.False(put.IsCompleted, "it was put before it could be given up");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        await AssertNoPartsAsync();
        Assert.False(await store.ExistsAsync("large", default));
    }

    private S3Store Store(AwsOptions? options = null) => new(_s3, _cloud.Bucket, "some/lake/", options ?? new AwsOptions(), TimeProvider.System);

    private async Task AssertNoPartsAsync() =>
        Assert.Empty((await _s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _cloud.Bucket })).MultipartUploads ?? []);

    private static byte[] Random(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}

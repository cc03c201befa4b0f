using Amazon.S3;
using Amazon.S3.Model;
using StockActors.Pipeline;

namespace StockActors.Bench;

/// <summary>A bucket of the benchmark's own on the S3 of the environment.</summary>
internal sealed class BenchBucket : IDisposable
{
    private readonly AmazonS3Client _s3;

    private BenchBucket(AmazonS3Client s3, string name) => (_s3, Name) = (s3, name);

    public string Name { get; }

    public static BenchBucket Create()
    {
        if (Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_S3") is not { Length: > 0 } url)
            throw new LogException("This benchmark needs an S3 of its own, such as a gateway on this machine. Set AWS_ENDPOINT_URL_S3 to its address.");
        var s3 = new AmazonS3Client(new AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") });
        var name = $"bench-{Guid.NewGuid():N}"[..20];
        s3.PutBucketAsync(name).GetAwaiter().GetResult();
        return new BenchBucket(s3, name);
    }

    public long BytesUnder(string prefix) => ObjectsUnder(prefix).Sum(o => o.Size ?? 0);

    public void Dispose()
    {
        foreach (var some in ObjectsUnder("").Chunk(1000))
            _s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = Name, Objects = [.. some.Select(o => new KeyVersion { Key = o.Key })] }).GetAwaiter().GetResult();
        _s3.DeleteBucketAsync(Name).GetAwaiter().GetResult();
        _s3.Dispose();
    }

    private List<S3Object> ObjectsUnder(string prefix)
    {
        var found = new List<S3Object>();
        string? next = null;
        do
        {
            var page = _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name, Prefix = prefix, ContinuationToken = next }).GetAwaiter().GetResult();
            found.AddRange(page.S3Objects ?? []);
            next = page.NextContinuationToken;
        }
        while (next is not null);
        return found;
    }
}

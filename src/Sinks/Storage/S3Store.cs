using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace StockActors.Sinks.Storage;

/// <summary>
/// Objects in S3, or in what speaks its protocol, below a prefix of a bucket. A conditional put is tried once: whoever claims something repeats it, and
/// learns only so whether it was created. All else is repeated until it is answered.
/// </summary>
internal sealed class S3Store : IObjectStore
{
    private readonly IAmazonS3 _s3;
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly AwsOptions _options;
    private readonly AwsCalls _calls;

    /// <summary>Nothing is asked of the service yet.</summary>
    /// <param name="s3">The client; its own repeats are off.</param>
    /// <param name="bucket">The bucket; it exists.</param>
    /// <param name="prefix">Before every key; empty, or ends in <c>/</c>.</param>
    /// <param name="options">The service's limits.</param>
    /// <param name="time">The clock.</param>
    public S3Store(IAmazonS3 s3, string bucket, string prefix, AwsOptions options, TimeProvider time)
    {
        (_s3, _bucket, _prefix, _options) = (s3, bucket, prefix, options);
        _calls = new AwsCalls("S3", options, time);
    }

    /// <summary>A client of S3 as the environment and the profile configure it.</summary>
    /// <exception cref="AmazonClientException">No region is configured.</exception>
    public static AmazonS3Client Client()
    {
        // To be asked for its address costs a configuration the address of the environment, so another one is asked. What is not AWS itself has one host name,
        // and no certificate for those of buckets.
        var isElsewhere = new AmazonS3Config().ServiceURL is { Length: > 0 };
        return new AmazonS3Client(AwsCalls.Unrepeated(new AmazonS3Config { ForcePathStyle = isElsewhere }));
    }

    public string AddressOf(string key) => $"s3://{_bucket}/{_prefix}{key}";

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        PutOnceAsync(key, content, ifNoneMatch: "*", ifMatch: null, cancellation);

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        PutOnceAsync(key, content, ifNoneMatch: null, ifMatch: etag, cancellation);

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => RepeatAsync(
        key,
        async token =>
        {
            using var body = Read(content);
            return await _s3.PutObjectAsync(Put(key, body), token);
        },
        cancellation);

    public async Task<StoredObject?> GetAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await RepeatAsync(
                key,
                async token =>
                {
                    using var response = await _s3.GetObjectAsync(new GetObjectRequest { BucketName = _bucket, Key = _prefix + key }, token);
                    var content = new byte[response.ContentLength];
                    await response.ResponseStream.ReadExactlyAsync(content, token);
                    return new StoredObject(content, response.ETag);
                },
                IsAbsent,
                cancellation);
        }
        catch (AmazonS3Exception e) when (IsAbsent(e))
        {
            return null;
        }
    }

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellation)
    {
        try
        {
            await RepeatAsync(
                key, token => _s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _bucket, Key = _prefix + key }, token), IsAbsent, cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (IsAbsent(e))
        {
            return false;
        }
    }

    public async IAsyncEnumerable<ListedObject> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(folder, delimiter: null, cancellation))
        {
            foreach (var found in page.S3Objects ?? [])
                yield return new ListedObject(found.Key[_prefix.Length..], found.Size ?? 0);
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(folder, delimiter: "/", cancellation))
        {
            foreach (var found in page.CommonPrefixes ?? [])
                yield return found[(_prefix.Length + folder.Length)..^1];
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => RepeatAsync(
        key, token => _s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _bucket, Key = _prefix + key }, token), cancellation);

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string folder, string? delimiter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix + folder, Delimiter = delimiter };
        do
        {
            var page = await RepeatAsync(folder, token => _s3.ListObjectsV2Async(request, token), cancellation);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    private async Task<bool> PutOnceAsync(string key, ReadOnlyMemory<byte> content, string? ifNoneMatch, string? ifMatch, CancellationToken cancellation)
    {
        try
        {
            if (content.Length > _options.MultipartBytes)
                return await PutPartsAsync(key, content, ifNoneMatch, ifMatch, IsRefused, cancellation);
            await _calls.OnceAsync(
                AddressOf(key),
                async token =>
                {
                    using var body = Read(content);
                    var request = Put(key, body);
                    (request.IfNoneMatch, request.IfMatch) = (ifNoneMatch, ifMatch);
                    return await _s3.PutObjectAsync(request, token);
                },
                IsRefused,
                cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (IsRefused(e))
        {
            return false;
        }

        // To replace what is not there is answered with its absence.
        bool IsRefused(AmazonServiceException e) => e.StatusCode == HttpStatusCode.PreconditionFailed || (ifMatch is not null && IsAbsent(e));
    }

    /// <summary>An object in parts; the condition is on the call that makes one of them.</summary>
    private async Task<bool> PutPartsAsync(
        string key,
        ReadOnlyMemory<byte> content,
        string? ifNoneMatch,
        string? ifMatch,
        Func<AmazonServiceException, bool> isRefused,
        CancellationToken cancellation)
    {
        // Else all of it would be sent to learn at the end that it is not wanted.
        if (ifNoneMatch is not null && await ExistsAsync(key, cancellation))
            return false;
        var upload = await RepeatAsync(
            key, token => _s3.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _bucket, Key = _prefix + key }, token), cancellation);
        try
        {
            var starts = Enumerable.Range(0, (content.Length + _options.PartBytes - 1) / _options.PartBytes);
            var parts = await Task.WhenAll(starts.Select(part => PutPartAsync(key, upload.UploadId, part, content, cancellation)));
            await _calls.OnceAsync(
                AddressOf(key),
                token => _s3.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = _bucket,
                        Key = _prefix + key,
                        UploadId = upload.UploadId,
                        PartETags = [.. parts],
                        IfNoneMatch = ifNoneMatch,
                        IfMatch = ifMatch,
                    },
                    token),
                isRefused,
                cancellation);
            return true;
        }
        catch
        {
            await AbortAsync(key, upload.UploadId);
            throw;
        }
    }

    private async Task<PartETag> PutPartAsync(string key, string uploadId, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var start = part * _options.PartBytes;
        var bytes = content.Slice(start, Math.Min(_options.PartBytes, content.Length - start));
        var put = await RepeatAsync(
            key,
            async token =>
            {
                using var body = Read(bytes);
                return await _s3.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = _bucket,
                        Key = _prefix + key,
                        UploadId = uploadId,
                        PartNumber = part + 1,
                        InputStream = body,
                        PartSize = bytes.Length,
                    },
                    token);
            },
            cancellation);
        return new PartETag(part + 1, put.ETag);
    }

    // Parts that nobody completes cost money until they are aborted. Whether it was completed after all is for whoever repeats the put to find out.
    private async Task AbortAsync(string key, string uploadId)
    {
        try
        {
            await _calls.OnceAsync(
                AddressOf(key),
                token => _s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _bucket, Key = _prefix + key, UploadId = uploadId }, token),
                _ => false,
                CancellationToken.None);
        }
        catch (Exception e) when (e is OutcomeUnknownException or LakeException)
        {
            // What made it fail is told already; the bucket's rule for incomplete uploads takes the rest.
        }
    }

    private PutObjectRequest Put(string key, Stream body) =>
        new() { BucketName = _bucket, Key = _prefix + key, InputStream = body, AutoCloseStream = false };

    private Task<T> RepeatAsync<T>(string key, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        RepeatAsync(key, call, _ => false, cancellation);

    private Task<T> RepeatAsync<T>(
        string key, Func<CancellationToken, Task<T>> call, Func<AmazonServiceException, bool> isAnswer, CancellationToken cancellation) =>
        _calls.RepeatAsync(AddressOf(key), call, isAnswer, cancellation);

    // Where a bucket or a user is not found, that is no word on the object. An answer without a body has no other name for it than NotFound.
    private static bool IsAbsent(AmazonServiceException e) => e is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" or "NotFound" };

    private static MemoryStream Read(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);
}

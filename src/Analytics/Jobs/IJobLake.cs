namespace StockActors.Analytics.Jobs;

/// <summary>What jobs need of a lake. Keys are relative, their segments parted by <c>/</c>; an object is seen whole or not at all.</summary>
public interface IJobLake
{
    /// <summary>Where a query engine finds an object.</summary>
    /// <param name="table">The table that it is of.</param>
    /// <param name="partition">The partition's keys and values as Hive writes them.</param>
    /// <param name="file">The object.</param>
    LakeFile FileOf(string table, string partition, ResultObject file);

    /// <summary>Puts an object where none stands. What a call has done whose answer is lost has become known when this ends.</summary>
    /// <returns><c>false</c> where one stands there, which may be this very one.</returns>
    Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Puts an object that nobody else means to put with another content.</summary>
    /// <returns>Whether this content stands there, whoever has put it.</returns>
    async Task<bool> PutSameAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        await PutIfAbsentAsync(key, content, cancellation)
            || (await GetAsync(key, cancellation) is { } stored && stored.Content.AsSpan().SequenceEqual(content.Span));

    /// <summary>Replaces an object that is still the one that was read.</summary>
    /// <returns><c>false</c> where it is another one by now, which may be this very one.</returns>
    Task<bool> ReplaceAsync(string key, string tag, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads an object and a tag that changes when it does; <c>null</c> where none stands.</summary>
    Task<(byte[] Content, string Tag)?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>The keys of all objects below a folder, which ends in <c>/</c>, in no order.</summary>
    IAsyncEnumerable<string> ListAsync(string folder, CancellationToken cancellation);

    /// <summary>Deletes an object; that none stands there is success.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);

    /// <summary>Rows of a table as a Parquet file.</summary>
    byte[] Encode(IReadOnlyList<LakeColumn> columns, IReadOnlyList<object?[]> rows);

    /// <summary>
    /// Has a partition of a table lie in a folder from now on, wherever it lay before, in the catalogue that query engines ask. Table and partition are
    /// made where they are absent; the same call repeated changes nothing.
    /// </summary>
    Task RegisterAsync(DerivedTable table, string partition, string location, CancellationToken cancellation);
}

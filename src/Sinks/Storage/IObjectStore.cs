namespace StockActors.Sinks.Storage;

/// <summary>
/// Where the lake's objects lie. Keys are relative, their segments parted by <c>/</c>. An object is seen whole or not at all, and what a
/// method has confirmed survives a crash.
/// </summary>
internal interface IObjectStore
{
    /// <summary>The key's address as a query engine wants it: an absolute path, or a URI.</summary>
    string AddressOf(string key);

    /// <summary>Puts an object where none stands (<c>If-None-Match: *</c>).</summary>
    /// <returns><c>true</c> where this call created it, <c>false</c> where one stood there already; it is not touched.</returns>
    /// <exception cref="OutcomeUnknownException">The object may have been created or not; the same call repeated settles it.</exception>
    Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Replaces an object that is still the one that was read (<c>If-Match</c>).</summary>
    /// <returns><c>false</c> where it is another one by now, or none; it is not touched.</returns>
    /// <exception cref="OutcomeUnknownException">The object may have been replaced or not.</exception>
    Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Puts an object whatever stands there. For hints only: a crash may leave the old one, or none.</summary>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads an object; <c>null</c> where none stands.</summary>
    Task<StoredObject?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Whether an object stands there.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellation);

    /// <summary>All objects below a folder, in no order.</summary>
    /// <param name="folder">Ends in <c>/</c>.</param>
    /// <param name="cancellation">Ends the listing.</param>
    IAsyncEnumerable<ListedObject> ListAsync(string folder, CancellationToken cancellation);

    /// <summary>The names of the folders directly below a folder, without slashes, in no order.</summary>
    /// <param name="folder">Ends in <c>/</c>.</param>
    /// <param name="cancellation">Ends the listing.</param>
    IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellation);

    /// <summary>Deletes an object; that none stands there is success.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);
}

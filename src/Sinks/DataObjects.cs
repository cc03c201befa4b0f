using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>Puts data objects, and finds out whether they are what their entry says.</summary>
internal sealed class DataObjects(Lake lake, IRowFormat rows, UntilKnown known)
{
    /// <summary>Puts an object; one of the same rows that stands there already is kept, one of others is replaced.</summary>
    /// <returns><c>false</c> where one stood there and was deleted meanwhile.</returns>
    public async Task<bool> PutAsync(string key, EncodedRows encoded, CancellationToken cancellation)
    {
        if (await known.PutAsync(() => lake.Objects.PutIfAbsentAsync(key, encoded.Content, cancellation), cancellation))
            return true;
        while (await lake.Objects.GetAsync(key, cancellation) is { } stored)
        {
            if (stored.Content.AsSpan().SequenceEqual(encoded.Content) || rows.Inspect(stored.Content) == (encoded.Rows, encoded.Checksum))
                return true;
            await known.PutAsync(() => lake.Objects.ReplaceAsync(key, stored.ETag, encoded.Content, cancellation), cancellation);
        }

        return false;
    }

    /// <summary>What stands where an entry says that an object stands.</summary>
    public async Task<ObjectState> InspectAsync(ChainObject described, CancellationToken cancellation) =>
        await lake.Objects.GetAsync(described.Key, cancellation) is not { } stored ? ObjectState.Missing
        : IsRight(described, stored.Content) ? ObjectState.Right : ObjectState.Wrong;

    /// <summary>Whether an object has the rows that its entry says.</summary>
    public bool IsRight(ChainObject described, byte[] content) => rows.Inspect(content) == (described.Rows, described.Checksum);
}

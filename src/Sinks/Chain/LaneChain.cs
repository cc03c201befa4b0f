using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Chain;

/// <summary>One lane's chain of entries in the lake.</summary>
internal sealed class LaneChain(IObjectStore store, string topicId, int lane)
{
    /// <summary>The folder of all that is not data.</summary>
    public const string Root = "_log/";

    private const string Lost = Root + "_lost/";
    private const string Extension = ".json";

    private readonly string _folder = $"{Root}{topicId}/{lane}/";

    /// <summary>Every chain there is.</summary>
    public static async Task<IReadOnlyList<LaneChain>> ListAsync(IObjectStore store, CancellationToken cancellation)
    {
        var chains = new List<LaneChain>();
        await foreach (var topicId in store.ListFoldersAsync(Root, cancellation))
        {
            if (topicId.StartsWith('_'))
                continue;
            await foreach (var name in store.ListFoldersAsync($"{Root}{topicId}/", cancellation))
            {
                if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var lane))
                    chains.Add(new LaneChain(store, topicId, lane));
            }
        }

        return chains;
    }

    public string TopicId => topicId;

    public int Lane => lane;

    /// <summary>The end of the chain; <c>null</c> where the chain is not opened.</summary>
    /// <exception cref="LaneStoppedException">An entry can't be read, is of a newer build, or does not follow.</exception>
    public async Task<ChainHead?> HeadAsync(CancellationToken cancellation)
    {
        var last = await ReadHintAsync(cancellation) is { } hint ? await ReadAsync(hint, cancellation) : null;
        if (last is null && await NewestListedAsync(cancellation) is { } newest)
            last = await ReadAsync(newest, cancellation);
        var head = last is null ? null : await WithBaseAsync(last, cancellation);
        for (var n = head is null ? 0 : head.Last.N + 1; await ReadAsync(n, cancellation) is { } next; n++)
            head = Behind(head, next);
        return head;
    }

    /// <summary>The chain's end once one more entry is read.</summary>
    /// <exception cref="LaneStoppedException">It does not follow.</exception>
    public ChainHead Behind(ChainHead? head, IChainEntry next)
    {
        if (head is not null && next.First != head.Last.End)
        {
            throw Stop(
                LaneStop.EntryUnreadable,
                $"entry {next.N} begins at offset {next.First}, but entry {head.Last.N} ends at {head.Last.End}. "
                + "Run the audit; the lake needs mending by hand.");
        }

        return next is MoveEntry && head is not null ? head with { Last = next } : new ChainHead(next, next);
    }

    /// <summary>One entry; <c>null</c> where the chain does not go so far.</summary>
    /// <exception cref="LaneStoppedException">It can't be read, or is of a newer build.</exception>
    public async Task<IChainEntry?> ReadAsync(long n, CancellationToken cancellation) =>
        await store.GetAsync(KeyOf(n), cancellation) is { } stored ? Parse(n, stored.Content) : null;

    /// <summary>Puts an entry. Repeats itself until it is known who has the number.</summary>
    /// <param name="entry">The entry; its number is the head's and one.</param>
    /// <param name="known">Repeats a put until its outcome is known.</param>
    /// <param name="cancellation">Gives up; the entry may stand then or not.</param>
    /// <returns>The entry that has the number: the very one that was given, or another's.</returns>
    public async Task<IChainEntry> ClaimAsync(IChainEntry entry, UntilKnown known, CancellationToken cancellation)
    {
        var key = KeyOf(entry.N);
        var content = Write(entry);
        if (await known.PutAsync(() => store.PutIfAbsentAsync(key, content, cancellation), cancellation))
            return entry;

        // It may be mine all the same: an earlier put of mine whose answer was lost.
        var stored = await store.GetAsync(key, cancellation) ?? throw Gone(entry.N);
        return stored.Content.AsSpan().SequenceEqual(content) ? entry : Parse(entry.N, stored.Content);
    }

    /// <summary>Leaves word of where the newest entry is.</summary>
    public Task HintAsync(long n, CancellationToken cancellation) =>
        store.PutAsync(HintKey, JsonSerializer.SerializeToUtf8Bytes(new ChainHint(n), LakeJson.Default.ChainHint), cancellation);

    /// <summary>Leaves word that the lane has stopped.</summary>
    public Task NoteStopAsync(LaneStopped stopped, CancellationToken cancellation) =>
        store.PutAsync(StopKey, JsonSerializer.SerializeToUtf8Bytes(stopped, LakeJson.Default.LaneStopped), cancellation);

    /// <summary>Why the lane has stopped; <c>null</c> where it has not, or it can't be read.</summary>
    public async Task<LaneStopped?> ReadStopAsync(CancellationToken cancellation)
    {
        if (await store.GetAsync(StopKey, cancellation) is not { } stored)
            return null;
        try
        {
            return JsonSerializer.Deserialize(stored.Content, LakeJson.Default.LaneStopped);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The lane's stop is over.</summary>
    public Task ClearStopAsync(CancellationToken cancellation) => store.DeleteAsync(StopKey, cancellation);

    /// <summary>
    /// Leaves word, before it is put, that a skip entry gives objects up, so that readers know which entries to read. It says nothing by
    /// itself: another's entry may come to have the number.
    /// </summary>
    public Task NoteLossAsync(long n, UntilKnown known, CancellationToken cancellation) => known.PutAsync(
        () => store.PutIfAbsentAsync($"{Lost}{topicId}/{lane}/{n:D20}{Extension}", ReadOnlyMemory<byte>.Empty, cancellation), cancellation);

    /// <summary>The keys of objects that operators have given up, of all chains.</summary>
    public static async Task<IReadOnlySet<string>> LostAsync(IObjectStore store, CancellationToken cancellation)
    {
        var lost = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (key, _) in store.ListAsync(Lost, cancellation))
        {
            var parts = key[Lost.Length..^Extension.Length].Split('/');
            var chain = new LaneChain(store, parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
            if (await chain.ReadAsync(long.Parse(parts[2], CultureInfo.InvariantCulture), cancellation) is SkipEntry skip)
                lost.UnionWith(skip.Lost);
        }

        return lost;
    }

    /// <summary>The key of a data object of this lane.</summary>
    /// <param name="location">The folder that its partition's rows go to.</param>
    /// <param name="first">The epoch's first offset.</param>
    /// <param name="end">The offset behind its last.</param>
    public string DataKey(string location, long first, long end) => location + new DataName(topicId, lane, first, end);

    private string StopKey => $"{_folder}stopped{Extension}";

    private string HintKey => $"{_folder}hint{Extension}";

    private string KeyOf(long n) => $"{_folder}{n:D20}{Extension}";

    private async Task<ChainHead> WithBaseAsync(IChainEntry last, CancellationToken cancellation)
    {
        var entry = last;
        while (entry is MoveEntry)
            entry = await ReadAsync(entry.N - 1, cancellation) ?? throw Gone(entry.N - 1);
        return new ChainHead(last, entry);
    }

    private async Task<long?> ReadHintAsync(CancellationToken cancellation)
    {
        if (await store.GetAsync(HintKey, cancellation) is not { } stored)
            return null;
        try
        {
            return JsonSerializer.Deserialize(stored.Content, LakeJson.Default.ChainHint)?.N;
        }
        catch (JsonException)
        {
            // Torn by a crash: a hint is not worth more than the look at the chain that it spares.
            return null;
        }
    }

    private async Task<long?> NewestListedAsync(CancellationToken cancellation)
    {
        long? newest = null;
        await foreach (var (key, _) in store.ListAsync(_folder, cancellation))
        {
            var name = key.AsSpan(_folder.Length, key.Length - _folder.Length - Extension.Length);
            if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && !(n <= newest))
                newest = n;
        }

        return newest;
    }

    private static byte[] Write(IChainEntry entry) => entry switch
    {
        OpenEntry open => JsonSerializer.SerializeToUtf8Bytes(open, LakeJson.Default.OpenEntry),
        EpochEntry epoch => JsonSerializer.SerializeToUtf8Bytes(epoch, LakeJson.Default.EpochEntry),
        MoveEntry move => JsonSerializer.SerializeToUtf8Bytes(move, LakeJson.Default.MoveEntry),
        SkipEntry skip => JsonSerializer.SerializeToUtf8Bytes(skip, LakeJson.Default.SkipEntry),
        _ => throw new ArgumentException($"An entry of kind {entry.Kind} is not written by this build.", nameof(entry)),
    };

    private IChainEntry Parse(long n, byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            IChainEntry entry = document.RootElement.GetProperty("kind").GetString() switch
            {
                OpenEntry.KindName => Read(document, LakeJson.Default.OpenEntry),
                EpochEntry.KindName => Read(document, LakeJson.Default.EpochEntry),
                MoveEntry.KindName => Read(document, LakeJson.Default.MoveEntry),
                SkipEntry.KindName => Read(document, LakeJson.Default.SkipEntry),
                var kind => throw Stop(
                    LaneStop.EntryNewer,
                    $"entry {n} is a {kind}, which this build does not know. Run the build that wrote it, or a later one."),
            };
            if (entry is EpochEntry { Decoder: > LakeVersions.Decoder } or EpochEntry { Schema: > LakeVersions.Schema })
            {
                throw Stop(
                    LaneStop.EntryNewer,
                    $"entry {n} was written with newer rules than decoder {LakeVersions.Decoder} and schema {LakeVersions.Schema} of this build. "
                    + "Run the build that wrote it, or a later one.");
            }

            if (entry.N != n || entry.Lane != lane || entry.End < entry.First)
            {
                throw Stop(
                    LaneStop.EntryUnreadable,
                    $"{store.AddressOf(KeyOf(n))} says that it is entry {entry.N} of lane {entry.Lane} "
                    + $"with offsets {entry.First} to {entry.End}. Restore it.");
            }

            return entry;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Stop(
                LaneStop.EntryUnreadable,
                $"{store.AddressOf(KeyOf(n))} is no chain entry that this build can read: {e.Message} "
                + "Run the build that wrote it, or restore it.",
                e);
        }
    }

    private static T Read<T>(JsonDocument document, JsonTypeInfo<T> type) => document.Deserialize(type) ?? throw new JsonException("null");

    private LaneStoppedException Gone(long n) => Stop(
        LaneStop.EntryUnreadable, $"{store.AddressOf(KeyOf(n))} was there and is gone. Entries are never deleted: restore it.");

    private LaneStoppedException Stop(LaneStop reason, string what, Exception? cause = null) =>
        new(reason, $"topic id {topicId}", lane, what, cause);
}

using System.Text.Json;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A process's objects with a deliberate bug of its writer's in front of them.</summary>
internal sealed class MutatedStore(Mutation mutation, SimulatedLake lake, SimulatedLife life, TimeProvider time) : IObjectStore
{
    private readonly SimulatedStore _store = new(lake, life);
    private readonly Dictionary<string, byte[]> _lost = [];
    private readonly Dictionary<string, string> _names = [];
    private Dictionary<string, StoredObject>? _plans;
    private long? _hint;

    public string AddressOf(string key) => key;

    public async Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var entry = ReadEntry(key, content.ToArray());
        switch (mutation)
        {
            case Mutation.SkipTheClaim when entry is EpochEntry:
                return await life.CallAsync(false, () => true);
            case Mutation.NameByRows when entry is EpochEntry epoch:
                content = Write(epoch with { Objects = [.. epoch.Objects.Select(o => o with { Key = NameByRows(o) })] });
                break;
        }

        var put = await _store.PutIfAbsentAsync(_names.GetValueOrDefault(key, key), content, cancellation);
        if (!put && entry is not null)
            _lost[key] = content.ToArray();
        return put;
    }

    public async Task<StoredObject?> GetAsync(string key, CancellationToken cancellation)
    {
        if (key.EndsWith("hint.json", StringComparison.Ordinal))
            _plans = lake.Keys.Where(IsPlan).ToDictionary(plan => plan, plan => lake.Get(plan)!);
        var stored = await _store.GetAsync(_names.GetValueOrDefault(key, key), cancellation);
        if (mutation == Mutation.LetALateChainMissThePlan && IsPlan(key))
            return null;
        if (mutation == Mutation.LookPlansUpBeforeTheHead && IsPlan(key))
            return _plans!.GetValueOrDefault(key);
        if (stored is null)
            return null;
        if (key.EndsWith("hint.json", StringComparison.Ordinal))
            _hint = JsonSerializer.Deserialize(stored.Content, LakeJson.Default.ChainHint)!.N;
        return ReadEntry(key, stored.Content) is not { } entry ? stored
            : _lost.TryGetValue(key, out var mine) ? AfterLoss(entry, stored, mine)
            : AtRecovery(entry, stored);
    }

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        _store.ReplaceAsync(_names.GetValueOrDefault(key, key), etag, content, cancellation);

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => _store.PutAsync(key, content, cancellation);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) => _store.ExistsAsync(key, cancellation);

    public IAsyncEnumerable<ListedObject> ListAsync(string folder, CancellationToken cancellation) => _store.ListAsync(folder, cancellation);

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellation) => _store.ListFoldersAsync(folder, cancellation);

    public Task DeleteAsync(string key, CancellationToken cancellation) => _store.DeleteAsync(key, cancellation);

    private StoredObject AfterLoss(IChainEntry entry, StoredObject stored, byte[] mine) => mutation switch
    {
        Mutation.SettleByTheWritersName when NodeOf(entry) == NodeOf(ReadEntry(KeyOf(entry), mine)!) => new StoredObject(mine, stored.ETag),
        _ => stored,
    };

    private StoredObject? AtRecovery(IChainEntry entry, StoredObject stored) => (mutation, entry) switch
    {
        (Mutation.TrustTheHint, _) when entry.N > _hint => null,
        (Mutation.RecoverFromTheNewestOfAnyKind, MoveEntry move) => stored with
        {
            Content = Write(new EpochEntry(
                move.N, move.Topic, move.Lane, move.First, move.End, -1, move.Claim, move.WrittenAt, LakeVersions.Decoder, LakeVersions.Schema, 0, 0, [])),
        },
        (Mutation.AcceptByTheRecoverersClock, EpochEntry epoch) => stored with
        {
            Content = Write(epoch with { Horizon = Market.UnixNanos.From(time.GetUtcNow() + new LaneOptions().AllowedSkew) }),
        },
        (Mutation.LeaveDeadLettersToTheObjects, EpochEntry epoch) when lake.IsFinished(epoch) => stored with
        {
            Content = Write(epoch with { Dead = 0 }),
        },
        _ => stored,
    };

    private string NameByRows(ChainObject described)
    {
        SimulatedLake.Require(DataName.TryParse(described.Key, out var name), described.Key);
        return _names[described.Key] = described.Key[..(described.Key.LastIndexOf('/') + 1)] + name with { First = 0, End = described.Rows };
    }

    private static string NodeOf(IChainEntry entry) => entry.Claim[..entry.Claim.IndexOf('/', StringComparison.Ordinal)];

    private static bool IsPlan(string key) => key.StartsWith("_log/_moves/", StringComparison.Ordinal);

    private static string KeyOf(IChainEntry entry) => $"_log/{new string('0', 32)}/{entry.Lane}/{entry.N:D20}.json";

    private static IChainEntry? ReadEntry(string key, byte[] content) => SimulatedLake.IsEntry(key) ? SimulatedLake.ReadEntry(content) : null;

    private static byte[] Write(EpochEntry epoch) => JsonSerializer.SerializeToUtf8Bytes(epoch, LakeJson.Default.EpochEntry);
}

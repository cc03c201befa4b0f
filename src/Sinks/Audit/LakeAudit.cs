using System.Collections.Concurrent;
using StockActors.Market;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Audit;

/// <summary>
/// Proves that a lake is what its chains say: entries tile the offsets, every object has its rows and checksum, none stands in a table's location
/// that no chain lists, compacted partitions have the rows they were made of, and the sequences of every (run, symbol) are whole. It writes
/// nothing; ingest may go on meanwhile, compaction should not.
/// </summary>
public sealed class LakeAudit
{
    private const int Readers = 4;

    private readonly Lake _lake;
    private readonly ConcurrentQueue<AuditFinding> _findings = [];
    private readonly ConcurrentQueue<string> _notes = [];
    private readonly SequenceLedger _sequences = new();
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string TopicId, int Lane), long> _ends = [];
    private readonly Dictionary<(string TopicId, int Lane), long> _counted = [];
    private readonly List<Due> _due = [];
    private readonly long[] _rows = new long[PartitionSlot.Tables.Count];
    private long _entries;
    private long _dead;
    private int _objects;
    private bool _hasSkips;

    private LakeAudit(Lake lake) => _lake = lake;

    /// <summary>Audits a lake.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="records">
    /// How many records the log has of a topic id's lane in a range of offsets, where the log is to be counted too; <c>null</c> where it does not have
    /// them all.
    /// </param>
    /// <param name="progress">Told how many objects were looked at.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LakeException">A part of the lake can't be read.</exception>
    public static async Task<AuditReport> RunAsync(
        Lake lake, Func<string, int, long, long, Task<long?>>? records = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var audit = new LakeAudit(lake);
        var chains = 0;
        foreach (var chain in await LaneChain.ListAsync(lake.Objects, cancellation))
            chains += await audit.ChainAsync(chain, records, cancellation) ? 1 : 0;
        await audit.ObjectsAsync(progress, cancellation);
        await audit.PartitionsAsync(cancellation);
        var (faults, repeats) = audit._sequences.Close();
        foreach (var fault in faults)
        {
            if (audit._hasSkips)
                audit._notes.Enqueue($"{fault}; operators have given up records of this lake");
            else
                audit._findings.Enqueue(new AuditFinding(FindingKind.Sequence, fault));
        }

        if (repeats > 0)
            audit._notes.Enqueue($"foreign producers have sent {repeats} sequences again");
        var rows = Enum.GetValues<TickKind>().Aggregate(default(TickCounts), (sum, kind) => sum + TickCounts.Of(kind, audit._rows[(int)kind]));
        return new AuditReport(chains, audit._entries, audit._objects, rows, [.. audit._findings], [.. audit._notes])
        {
            DeadLetters = audit._dead,
            Counted = [.. audit._counted.Select(lane => (lane.Key.TopicId, lane.Key.Lane, lane.Value))],
        };
    }

    /// <summary>Walks one chain.</summary>
    /// <returns>Whether it was opened.</returns>
    private async Task<bool> ChainAsync(LaneChain chain, Func<string, int, long, long, Task<long?>>? records, CancellationToken cancellation)
    {
        ChainHead? head = null;
        var epochs = new List<EpochEntry>();
        var lost = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            for (var n = 0L; await chain.ReadAsync(n, cancellation) is { } entry; n++)
            {
                head = chain.Behind(head, entry);
                if (entry is EpochEntry epoch)
                {
                    epochs.Add(epoch);
                    _dead += epoch.Dead;
                }

                if (entry is SkipEntry skip)
                {
                    lost.UnionWith(skip.Lost);
                    _hasSkips = true;
                    _notes.Enqueue($"lane {chain.Lane} (topic id {chain.TopicId}), entry {n}: an operator has given up {skip.Reason}");
                }
            }
        }
        catch (LaneStoppedException e)
        {
            _findings.Enqueue(new AuditFinding(FindingKind.Chain, e.Message, chain.Lane, head?.Last.End));
        }

        if (head is null)
            return false;
        var newest = await chain.HeadAsync(cancellation);
        if (newest is not null && newest.Last.N > head.Last.N && await chain.ReadAsync(head.Last.N + 1, cancellation) is null)
            _findings.Enqueue(new AuditFinding(FindingKind.Chain, $"lane {chain.Lane} (topic id {chain.TopicId}): entry {head.Last.N + 1} is missing, and entry {newest.Last.N} stands", chain.Lane, head.Last.End));
        foreach (var epoch in epochs)
        {
            var isFinished = head.Last.N > epoch.N || await LakeSnapshot.IsFinishedAsync(_lake, epoch, cancellation);
            if (!isFinished)
                _notes.Enqueue($"lane {epoch.Lane} (topic id {chain.TopicId}): entry {epoch.N}, offsets {epoch.First} to {epoch.End}, is unfinished");
            foreach (var listed in epoch.Objects.Where(listed => !lost.Contains(listed.Key)))
            {
                _listed.Add(listed.Key);
                if (isFinished)
                    _due.Add(new Due(epoch, listed));
            }

            if (isFinished && records is not null && await records(chain.TopicId, epoch.Lane, epoch.First, epoch.End) is { } inLog)
            {
                _counted[(chain.TopicId, epoch.Lane)] = epoch.End;
                var inLake = epoch.Objects.Sum(listed => listed.Rows) + epoch.Dead;
                if (inLog != inLake)
                    _findings.Enqueue(new AuditFinding(FindingKind.Log, $"lane {epoch.Lane}: the log has {inLog} records in offsets {epoch.First} to {epoch.End}, entry {epoch.N} has {inLake} rows and dead letters", epoch.Lane, epoch.First, epoch.End));
            }
        }

        _listed.UnionWith(lost);
        _ends[(chain.TopicId, chain.Lane)] = head.Last.End;
        _entries += head.Last.N + 1;
        return true;
    }

    private async Task ObjectsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var locations = new Dictionary<TablePartition, string>();
        foreach (var table in PartitionSlot.Tables)
        {
            await foreach (var (partition, location) in _lake.Catalogue.ListAsync(table, cancellation))
                locations[partition] = location;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_due, options, async (due, token) =>
        {
            if (!locations.TryGetValue(due.Object.In(), out var location))
                Find(FindingKind.Catalogue, due, $"{due.Object.In()} is not in the catalogue");
            else if (due.Object.Key.StartsWith(location, StringComparison.Ordinal))
                await ObjectAsync(due, token);
            else if (location == due.Object.In().FirstLocation)
                _notes.Enqueue($"{due.Object.Key}: late rows that are seen once the compaction of {due.Object.In()} is through");
            var looked = Interlocked.Increment(ref _objects);
            progress?.Report(looked);
        });
    }

    private async Task ObjectAsync(Due due, CancellationToken cancellation)
    {
        if (await _lake.Objects.GetAsync(due.Object.Key, cancellation) is not { } stored)
            Find(FindingKind.Object, due, $"{due.Object.Key} is missing");
        else if (RowChecksum.OfFile(stored.Content) is not { } found)
            Find(FindingKind.Object, due, $"{due.Object.Key} is no Parquet file");
        else if (found != (due.Object.Rows, due.Object.Checksum))
            Find(FindingKind.Object, due, $"{due.Object.Key} has {found.Rows} rows of checksum {found.Checksum}, its entry says {due.Object.Rows} of {due.Object.Checksum}");
        else
            Count(due.Object.Table, found.Rows, stored.Content);
    }

    private async Task PartitionsAsync(CancellationToken cancellation)
    {
        var made = _due.Where(due => due.Object.Key.StartsWith(due.Object.In().FirstLocation, StringComparison.Ordinal)).ToLookup(due => due.Object.In());
        foreach (var table in PartitionSlot.Tables)
        {
            await foreach (var (partition, location) in _lake.Catalogue.ListAsync(table, cancellation))
            {
                var isSwitched = location != partition.FirstLocation;
                if (isSwitched && (await MovePlan.FindAsync(_lake.Objects, partition, cancellation))?.Location != location)
                    _findings.Enqueue(new AuditFinding(FindingKind.Catalogue, $"{partition} lies at {location}, where no plan says"));
                var outputs = 0L;
                await foreach (var (key, _) in _lake.Objects.ListAsync(location, cancellation))
                {
                    if (isSwitched && MovePlan.IsOutput(key))
                        outputs += await OutputAsync(partition, key, cancellation);
                    else if (!_listed.Contains(key) && !await IsNewerAsync(key, cancellation))
                        _findings.Enqueue(new AuditFinding(FindingKind.Stray, $"{key} stands in the location of {partition}, and no chain lists it", Key: key));
                }

                if (!isSwitched)
                    continue;
                var inputs = made[partition].Sum(due => due.Object.Rows);
                if (outputs != inputs)
                    _findings.Enqueue(new AuditFinding(FindingKind.Compaction, $"{partition} has {outputs} rows in its compacted objects, the epochs it was made of have {inputs}", Key: location));
                var garbage = await _lake.Objects.ListAsync(partition.FirstLocation, cancellation).CountAsync(cancellation);
                if (garbage > 0)
                    _notes.Enqueue($"{partition.FirstLocation} has {garbage} objects that a compaction has replaced: the next pass deletes them");
            }
        }
    }

    // Ingest goes on while the lake is audited: what it has claimed since its chain was walked is not looked at.
    private async Task<bool> IsNewerAsync(string key, CancellationToken cancellation) => DataName.TryParse(key, out var name)
        && (_ends.TryGetValue((name.TopicId, name.Lane), out var end)
            ? name.First >= end
            : await new LaneChain(_lake.Objects, name.TopicId, name.Lane).HeadAsync(cancellation) is not null);

    private async Task<long> OutputAsync(TablePartition partition, string key, CancellationToken cancellation)
    {
        if (await _lake.Objects.GetAsync(key, cancellation) is { } stored && RowChecksum.OfFile(stored.Content) is { } found)
        {
            Count(partition.Table, found.Rows, stored.Content);
            _objects++;
            return found.Rows;
        }

        _findings.Enqueue(new AuditFinding(FindingKind.Compaction, $"{key} of the compacted {partition} is no Parquet file", Key: key));
        return 0;
    }

    private void Count(string table, long rows, byte[] content)
    {
        var kind = PartitionSlot.KindOf(table);
        Interlocked.Add(ref _rows[(int)kind], rows);
        if (kind != TickKind.Bar)
            _sequences.Add(SequenceReader.Read(content), TickFeeds.Of(kind));
    }

    private void Find(FindingKind kind, Due due, string what) => _findings.Enqueue(new AuditFinding(
        kind, $"lane {due.Epoch.Lane}, entry {due.Epoch.N}, offsets {due.Epoch.First} to {due.Epoch.End}: {what}", due.Epoch.Lane, due.Epoch.First, due.Epoch.End, due.Object.Key));

    /// <summary>An object that is to stand, and why.</summary>
    private sealed record Due(EpochEntry Epoch, ChainObject Object);
}

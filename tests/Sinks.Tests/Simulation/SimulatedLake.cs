using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>
/// The objects of the lake, and what must hold of them after every change: whoever reads the catalogue at any moment sees the rows of finished
/// epochs, each once, but for late ones that wait for a switch.
/// </summary>
internal sealed partial class SimulatedLake(IReadOnlyList<SimulatedLane> lanes, TimeProvider time, TimeSpan grace)
{
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<TablePartition, string> _locations = [];
    private readonly Dictionary<TablePartition, DateTimeOffset> _switched = [];
    private readonly Dictionary<TablePartition, MovePlan> _plans = [];
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>How many skips stand in the chains.</summary>
    public int Skips => lanes.Sum(lane => lane.Entries.OfType<SkipEntry>().Count());

    /// <summary>How many objects were given up.</summary>
    public int Lost => _lost.Count;

    /// <summary>How many partitions were switched.</summary>
    public int Switches => _switched.Count;

    /// <summary>How many objects epochs have put into new locations.</summary>
    public int LateObjects => lanes.Sum(lane => lane.Entries.OfType<EpochEntry>().Sum(epoch => epoch.Objects.Count(o => !IsFirst(o.In(), o.Key))));

    /// <summary>How many moves stand in the chains.</summary>
    public int Moves => lanes.Sum(lane => lane.Entries.OfType<MoveEntry>().Count());

    /// <summary>How many objects were deleted.</summary>
    public int Deletions { get; private set; }

    public IReadOnlyDictionary<TablePartition, string> Locations => _locations;

    public IEnumerable<string> Keys => _objects.Keys;

    public StoredObject? Get(string key) => _objects.GetValueOrDefault(key);

    public bool PutIfAbsent(string key, byte[] content)
    {
        if (_objects.ContainsKey(key))
            return false;
        Put(key, content);
        return true;
    }

    public bool Replace(string key, string etag, byte[] content)
    {
        if (Get(key)?.ETag != etag)
            return false;
        Require(!IsEntry(key), $"{key} changes");
        Put(key, content);
        return true;
    }

    public void Put(string key, byte[] content)
    {
        var before = Get(key);
        _objects[key] = new StoredObject(content, $"{++_version}");
        if (EntryKey().Match(key) is { Success: true } entry)
            OnEntry(lanes[int.Parse(entry.Groups[1].ValueSpan, CultureInfo.InvariantCulture)], key, content);
        else if (key.StartsWith("_catalog/", StringComparison.Ordinal))
            OnLocation(PartitionOf(key["_catalog/".Length..]), JsonSerializer.Deserialize(content, LakeJson.Default.Content)!.Location);
        else if (key.StartsWith("_log/_moves/", StringComparison.Ordinal))
            OnPlan(JsonSerializer.Deserialize(content, LakeJson.Default.MovePlan)!);
        else if (MovePlan.IsOutput(key))
            OnOutput(key, before, content);
        else if (key.EndsWith(".parquet", StringComparison.Ordinal))
            OnData(key);
    }

    public void Delete(string key)
    {
        if (!_objects.Remove(key) || key.EndsWith("stopped.json", StringComparison.Ordinal))
            return;
        var (partition, _) = Listed(key) ?? throw new Violation($"{key} is deleted, which no chain lists");
        Require(key.StartsWith(partition.FirstLocation, StringComparison.Ordinal), $"{key} is deleted, which nothing replaces");
        Require(_switched.TryGetValue(partition, out var at), $"{key} is deleted before its partition is switched");
        Require(time.GetUtcNow() - at >= grace, $"{key} is deleted while queries may read it");
        Deletions++;
        Check(partition);
    }

    public static bool IsEntry(string key) => EntryKey().IsMatch(key);

    public static IChainEntry ReadEntry(byte[] content)
    {
        using var json = JsonDocument.Parse(content);
        return json.RootElement.GetProperty("kind").GetString() switch
        {
            OpenEntry.KindName => json.Deserialize(LakeJson.Default.OpenEntry)!,
            EpochEntry.KindName => json.Deserialize(LakeJson.Default.EpochEntry)!,
            MoveEntry.KindName => json.Deserialize(LakeJson.Default.MoveEntry)!,
            _ => json.Deserialize(LakeJson.Default.SkipEntry)!,
        };
    }

    public IEnumerable<string> List(string folder) => [.. _objects.Keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal))];

    /// <summary>Whether an epoch may be left behind.</summary>
    public bool IsFinished(EpochEntry epoch) =>
        epoch.Objects.All(o => _locations.ContainsKey(o.In()) && (_lost.Contains(o.Key) || Has(lanes[epoch.Lane], epoch, o)));

    /// <summary>A reader that was quicker than the grace has seen what it should have.</summary>
    public void CheckRead(LakeSnapshot snapshot)
    {
        var ends = snapshot.Ends.ToDictionary(end => end.Lane, end => end.End);
        foreach (var lane in lanes.Where(lane => lane.Entries.Count > 0 && ends.ContainsKey(lane.Lane)))
            Require(lane.Entries.Any(entry => entry.End == ends[lane.Lane]), $"a reader takes lane {lane.Lane} to end at {ends[lane.Lane]}");
        var files = snapshot.Objects.ToLookup(o => o.Partition);
        foreach (var partition in _locations.Keys.Union(files.Select(file => file.Key)))
        {
            var moved = files[partition].Any(file => file.Path.StartsWith("compacted/", StringComparison.Ordinal));
            var seen = files[partition].SelectMany(
                file => LineFormat.Read((Get(file.Path) ?? throw new Violation($"a reader misses {file.Path}")).Content));
            var due = EpochsOf(partition).Where(e => ends.TryGetValue(e.Lane.Lane, out var end) && e.Epoch.End <= end)
                .Where(e => moved || IsFirst(partition, e.Object.Key)).SelectMany(e => e.Lane.RowsOf(e.Epoch, partition));
            RequireSame(due, seen, $"a reader of {partition}");
        }
    }

    /// <summary>What the group is told is in the lake, with everything before it, and its dead letters in their topic.</summary>
    public void CheckCommit(SimulatedLane lane, long position)
    {
        Require(lane.Entries.Any(entry => entry.End == position), $"lane {lane.Lane} commits {position}, where no entry ends");
        foreach (var epoch in lane.Entries.OfType<EpochEntry>().Where(epoch => epoch.End <= position))
        {
            Require(!ReferenceEquals(epoch, lane.Entries[^1]) || IsFinished(epoch), $"lane {lane.Lane} commits {position} before entry {epoch.N} is finished");
            Require(HasDead(lane, epoch), $"lane {lane.Lane} commits {position} before the dead letters of entry {epoch.N}");
        }
    }

    /// <summary>In the end every record is a row where the catalogue says, or a dead letter.</summary>
    public void CheckWhole()
    {
        foreach (var lane in lanes)
        {
            Require(lane.Entries.Count > 0 && lane.Entries[^1].End == lane.End, $"lane {lane.Lane} ends at {lane.Entries.LastOrDefault()?.End} of {lane.End}");
            var epochs = lane.Entries.OfType<EpochEntry>().ToList();
            Require(epochs.All(epoch => HasDead(lane, epoch)), $"lane {lane.Lane} lacks dead letters");
            Require(lane.Committed == lane.End || epochs.Count == 0, $"the group of lane {lane.Lane} stands at {lane.Committed} of {lane.End}");
        }

        Require(
            lanes.All(lane => lane.Entries.OfType<EpochEntry>().All(epoch => lane.PartitionsOf(epoch).ToHashSet().SetEquals(epoch.Objects.Select(o => o.In())))),
            "an entry leaves rows out");
        foreach (var (partition, location) in _locations)
        {
            Check(partition);
            Require(location != partition.FirstLocation, $"{partition} was not switched");
            Require(!List(partition.FirstLocation).Any(), $"{partition} has objects left behind");
            var due = EpochsOf(partition).SelectMany(e => e.Lane.RowsOf(e.Epoch, partition));
            RequireSame(due, List(location).Where(key => !_lost.Contains(key)).SelectMany(key => LineFormat.Read(Get(key)!.Content)), $"the end of {partition}");
        }
    }

    private void OnEntry(SimulatedLane lane, string key, byte[] content)
    {
        var entry = ReadEntry(content);
        Require(entry.N == lane.Entries.Count, $"{key} stands behind {lane.Entries.Count} entries");
        if (lane.Entries.Count > 0)
            Require(entry.First == lane.Entries[^1].End, $"{key} begins at {entry.First}, not at {lane.Entries[^1].End}");
        if (entry is SkipEntry skip)
            OnSkip(lane, skip);
        if (lane.Entries.LastOrDefault() is EpochEntry newest)
            Require(IsFinished(newest), $"entry {newest.N} of lane {lane.Lane} is left behind unfinished");
        lane.Entries.Add(entry);
        if (entry is EpochEntry epoch)
            OnEpoch(lane, epoch);
    }

    // Only what is not there may be given up, and of offsets only those that the log has dropped.
    private void OnSkip(SimulatedLane lane, SkipEntry skip)
    {
        Require(skip.End == skip.First || skip.End <= lane.Low, $"offsets to {skip.End} of lane {lane.Lane} are given up, and the log has them from {lane.Low}");
        Require(skip.Lost.Count == 0 || lane.Entries[^1] is EpochEntry newest && skip.Lost.All(newest.Objects.Select(o => o.Key).Contains), $"{skip.N} gives up others' objects");
        _lost.UnionWith(skip.Lost);
    }

    private void OnEpoch(SimulatedLane lane, EpochEntry epoch)
    {
        Require(epoch.Dead == lane.DeadOf(epoch).Count(), $"entry {epoch.N} of lane {lane.Lane} counts {epoch.Dead} dead letters");
        Require(lane.PartitionsOf(epoch).ToHashSet().SetEquals(epoch.Objects.Select(o => o.In())), $"entry {epoch.N} of lane {lane.Lane} lists other partitions");
        foreach (var listed in epoch.Objects)
        {
            var isMoved = lane.Entries.OfType<MoveEntry>().Any(move => move.Of() == listed.In()) || _switched.ContainsKey(listed.In());
            var isPlanned = _plans.TryGetValue(listed.In(), out var plan) && listed.Key.StartsWith(plan.Location, StringComparison.Ordinal);
            Require(isPlanned || (!isMoved && IsFirst(listed.In(), listed.Key)), $"entry {epoch.N} of lane {lane.Lane} puts late rows into {listed.Key}");
        }
    }

    private void OnPlan(MovePlan plan)
    {
        Require(!_plans.ContainsKey(plan.Of()), $"a second plan for {plan.Of()}");
        _plans.Add(plan.Of(), plan);
    }

    private void OnLocation(TablePartition partition, string location)
    {
        if (_locations.TryAdd(partition, location))
        {
            Require(location == partition.FirstLocation, $"{partition} is created at {location}");
        }
        else if (location != _locations[partition])
        {
            Require(_switched.TryAdd(partition, time.GetUtcNow()), $"{partition} is switched twice, now to {location}");
            Require(_plans[partition].Location == location, $"{partition} is switched to {location}, not where its plan says");
            _locations[partition] = location;
        }

        Check(partition);
    }

    private void OnOutput(string key, StoredObject? before, byte[] content)
    {
        var partition = PartitionOf(key["compacted/".Length..]);
        if (before is not null)
            Require(before.Content.AsSpan().SequenceEqual(content), $"{key} is replaced by other rows");
        Check(partition);
    }

    private void OnData(string key)
    {
        var (partition, epoch) = Listed(key) ?? throw new Violation($"{key} stands, which no chain lists");
        Require(Has(lanes[epoch.Lane], epoch, epoch.Objects.Single(o => o.Key == key)), $"{key} has other rows than its entry says");
        Check(partition);
    }

    /// <summary>What readers of the catalogue see of a partition now.</summary>
    private void Check(TablePartition partition)
    {
        if (!_locations.TryGetValue(partition, out var location))
            return;
        var isSwitched = location != partition.FirstLocation;
        foreach (var (lane, epoch, listed) in EpochsOf(partition))
        {
            var isNewest = ReferenceEquals(epoch, lane.Entries[^1]);
            if (IsFirst(partition, listed.Key) == isSwitched || (isNewest && !IsFinished(epoch)))
                continue;
            Require(Has(lane, epoch, listed), $"{listed.Key} of a finished epoch is missing or wrong");
        }

        if (isSwitched)
        {
            var outputs = List(location).Where(MovePlan.IsOutput).SelectMany(key => LineFormat.Read(Get(key)!.Content));
            var inputs = EpochsOf(partition).Where(e => IsFirst(partition, e.Object.Key)).SelectMany(e => e.Lane.RowsOf(e.Epoch, partition));
            RequireSame(inputs, outputs, $"the compaction of {partition}");
        }
    }

    private IEnumerable<(SimulatedLane Lane, EpochEntry Epoch, ChainObject Object)> EpochsOf(TablePartition partition) =>
        from lane in lanes
        from epoch in lane.Entries.OfType<EpochEntry>()
        from listed in epoch.Objects
        where listed.In() == partition && !_lost.Contains(listed.Key)
        select (lane, epoch, listed);

    private (TablePartition Partition, EpochEntry Epoch)? Listed(string key)
    {
        foreach (var lane in lanes)
        {
            foreach (var entry in lane.Entries)
            {
                if (entry is EpochEntry epoch && epoch.Objects.FirstOrDefault(o => o.Key == key) is { } listed)
                    return (listed.In(), epoch);
            }
        }

        return null;
    }

    /// <summary>Whether an epoch's dead letters were produced, or given up with it.</summary>
    private static bool HasDead(SimulatedLane lane, EpochEntry epoch) => lane.DeadOf(epoch).All(lane.Dead.Contains)
        || lane.Entries.Skip((int)epoch.N + 1).FirstOrDefault(entry => entry is not MoveEntry) is SkipEntry;

    private bool Has(SimulatedLane lane, EpochEntry epoch, ChainObject listed) => Get(listed.Key) is { } stored
        && Same(lane.RowsOf(epoch, listed.In()), LineFormat.Read(stored.Content));

    private static bool IsFirst(TablePartition partition, string key) => key.StartsWith(partition.FirstLocation, StringComparison.Ordinal);

    private static TablePartition PartitionOf(string path)
    {
        var parts = path.Split('/');
        return new TablePartition(parts[0], $"{parts[1]}/{parts[2].Replace(".json", "", StringComparison.Ordinal)}");
    }

    private static bool Same(IEnumerable<SimulatedRow> due, IEnumerable<SimulatedRow> found) => Sorted(due).SequenceEqual(Sorted(found));

    private static void RequireSame(IEnumerable<SimulatedRow> due, IEnumerable<SimulatedRow> found, string what)
    {
        if (!Same(due, found))
            throw new Violation($"{what} has {string.Join(' ', Sorted(found))} for {string.Join(' ', Sorted(due))}");
    }

    private static IEnumerable<SimulatedRow> Sorted(IEnumerable<SimulatedRow> rows) =>
        rows.OrderBy(row => row.TsEvent).ThenBy(row => row.Symbol, StringComparer.Ordinal).ThenBy(row => row.Sequence).ThenBy(row => row.Run, StringComparer.Ordinal);

    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new Violation(what);
    }

    [GeneratedRegex(@"^_log/[0-9a-f]{32}/(\d+)/\d{20}\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex EntryKey();
}

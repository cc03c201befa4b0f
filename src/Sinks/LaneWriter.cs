using System.Collections.Concurrent;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>
/// Writes one lane of the log into the lake, exactly once: the rules of the commit protocol for one assignment of the lane. First
/// <see cref="RecoverAsync"/>, then <see cref="Add"/> and <see cref="FlushAsync"/> in turn. A writer that has thrown is done with:
/// a new one recovers.
/// </summary>
/// <remarks>
/// Calls do not overlap, with one exception: records may be added while a flush runs, which has taken its epoch out before it returns its
/// task.
/// </remarks>
public sealed class LaneWriter
{
    private const int PartitionsAtOnce = 100;

    private readonly Lake _lake;
    private readonly ILaneLog _log;
    private readonly LaneOptions _options;
    private readonly TimeProvider _time;
    private readonly string _topic;
    private readonly int _lane;
    private readonly string _claim;
    private readonly LaneStops _stops;
    private readonly TickDecoder _decoder = new();
    private readonly IRowFormat _rows;
    private readonly UntilKnown _known;
    private readonly DataObjects _objects;
    private readonly HashSet<TablePartition> _registered = [];
    private readonly ConcurrentDictionary<TablePartition, string> _locations = [];
    private readonly LaneBudget _budget;
    private readonly Queue<EpochBuffer> _ready = [];
    private LaneChain? _chain;
    private long _entry;
    private long _headRead;
    private long _waiting;
    private bool _isMoved;
    private EpochBuffer _filling = new();
    private EpochBuffer? _spare;
    private LaneBudget.Share? _share;
    private bool _flushing;

    /// <summary>Makes a writer for an assignment.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="log">The lane's log.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="node">This process's name, as the chain entries will bear it.</param>
    /// <param name="options">When epochs are cut; the defaults by default.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="budget">What it shares with the other lanes of the process; one of its own by default, which holds its two epochs.</param>
    public LaneWriter(
        Lake lake, ILaneLog log, string topic, int lane, string node, LaneOptions? options = null, TimeProvider? time = null, LaneBudget? budget = null)
    {
        (_lake, _log, _topic, _lane) = (lake, log, topic, lane);
        _options = options ?? new LaneOptions();
        _budget = budget ?? new LaneBudget(4 * _options.MaxBytes);
        _time = time ?? TimeProvider.System;
        _claim = $"{node}/{Guid.NewGuid():N}";
        _stops = new LaneStops(topic, lane, lake.Location);
        _rows = lake.NewRowFormat();
        _known = new UntilKnown(_options.RepeatAfter, _time);
        _objects = new DataObjects(lake, _rows, _known);
    }

    /// <summary>The topic.</summary>
    public string Topic => _topic;

    /// <summary>The lane.</summary>
    public int Lane => _lane;

    /// <summary>The offset that the next batch must begin at.</summary>
    public long ReadPosition => _filling.End;

    /// <summary>The lane's end in the lake: every record before it is a row or a dead letter. Behind it lie the epochs in hand.</summary>
    public long CommittedPosition { get; private set; }

    /// <summary>Whether there is nothing to write, and nothing being written: all that was read is in the lake.</summary>
    public bool IsIdle => !_flushing && _ready.Count == 0 && _filling is { Records: 0, Claimed: null };

    /// <summary>Whether an epoch has come to a limit, its own or that of all lanes together, so that it is to be flushed before more is added.</summary>
    public bool IsFull => _ready.Count > 0 || (_filling.Claimed is null && WhyFull is not null);

    /// <summary>Whether more may be added.</summary>
    public bool HasRoom => !IsFull && _share?.HasRoom != false;

    /// <summary>
    /// How long until the gathered epoch is to be cut for its age or for want of more; <c>null</c> where there is nothing to cut. An epoch
    /// without records is cut for its age: it says that there are none, should the log forget the markers that stand there. What was waiting in
    /// the log when the lane was taken over is cut as soon as it is read, and where nothing was, what comes first.
    /// </summary>
    public TimeSpan? DueIn
    {
        get
        {
            if (_filling.IsEmpty || _filling.Claimed is not null)
                return null;
            if (_filling.Records > 0 && _filling.First < _waiting && _filling.End >= _waiting)
                return TimeSpan.Zero;
            var age = _options.MaxAge - _time.GetElapsedTime(_filling.FirstAt);
            var idle = _filling.Records == 0 ? age : _options.Idle - _time.GetElapsedTime(_filling.LastAt);
            var due = age < idle ? age : idle;
            return due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }
    }

    internal TimeProvider Time => _time;

    private long Gathered => _ready.Sum(epoch => epoch.Held) + _filling.Held;

    private bool IsReadAgain => _ready.Count == 0 && _filling.Claimed is not null;

    /// <summary>Which limit the epoch has come to that is being gathered.</summary>
    private string? WhyFull => _filling.Bytes >= _options.MaxBytes ? "bytes"
        : _filling.Records >= _options.MaxRecords ? "records"
        : _share?.IsToBeCut == true ? "budget"
        : null;

    /// <summary>Where epochs are encoded and written: the thread pool.</summary>
    internal TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>
    /// Opens the lane's chain or finds its head, and finishes the newest epoch if its objects stand. If they do not, or it has dead
    /// letters, it is finished by a flush, once its records were added again.
    /// </summary>
    /// <returns>Where the log is to be read from.</returns>
    /// <exception cref="LaneStoppedException">The chain and the log do not fit; an operator must decide.</exception>
    public async Task<LaneOffset> RecoverAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            var extent = await _log.ExtentAsync(cancellation);
            var chain = _chain = new LaneChain(_lake.Objects, extent.TopicId, _lane);
            var head = await chain.HeadAsync(cancellation) ?? chain.Behind(null, await OpenAsync(chain, extent, cancellation));
            _headRead = _lake.Plans.Now();

            // The log and its lane's last owner may both have gone on meanwhile: only what the log says after the head was read counts.
            extent = await _log.ExtentAsync(cancellation);
            if (extent.TopicId != chain.TopicId)
                continue;
            var again = head.Base as EpochEntry;
            var stop = await MisfitAsync(head.Base, extent, cancellation);
            if (stop is null && again is not null)
            {
                // Behind a move the objects may have been compacted and be gone; whoever put the move has seen them.
                var state = head.IsMoved ? ObjectState.Right : await InspectAsync(again, cancellation);
                if (state == ObjectState.Right && again.Dead == 0)
                    again = null;
                else if (extent.Low > again.First)
                    stop = WhyUnfinishable(again, state, extent);
            }

            if (stop is not null)
            {
                // A compactor or another owner may have gone on since the head was read, and have made good what is amiss.
                if (await chain.ReadAsync(head.Last.N + 1, cancellation) is not null)
                    continue;
                throw stop;
            }

            (_entry, _isMoved) = (head.Last.N, head.IsMoved);
            _waiting = head.Base is OpenEntry ? extent.High : Math.Max(extent.High, head.Base.End + 1);
            if (again is not null)
            {
                _filling.Begin(again);
                CommittedPosition = again.First;
            }
            else
            {
                if (head.Base is EpochEntry finished)
                    await FinishAsync(finished, [], cancellation);
                else if (head.Base is SkipEntry skipped)
                    await _log.CommitAsync(new LaneOffset(_topic, _lane, skipped.End), cancellation);
                _filling.Begin(head.Base.End);
                CommittedPosition = head.Base.End;
            }

            return new LaneOffset(_topic, _lane, ReadPosition);
        }
    }

    /// <summary>Takes in a batch. The caller disposes of it.</summary>
    /// <exception cref="LaneStoppedException">It does not begin where the one before it ended.</exception>
    public void Add(RecordBatch batch)
    {
        if (batch.FirstOffset != ReadPosition)
            throw _stops.Skipped(batch.FirstOffset, ReadPosition);
        var now = _time.GetTimestamp();
        var horizon = Horizon();
        var index = 0;
        while (true)
        {
            index = _filling.Take(batch, index, _decoder, horizon, now, _options.MaxPartitions);
            if (index == batch.Count && !_filling.IsComplete)
                break;

            // What follows an epoch that was being read again, or would touch too many partitions, belongs to the next one.
            _ready.Enqueue(_filling);
            _filling = NextOf(_filling);
        }

        _share?.Gather(Gathered, IsReadAgain);
    }

    /// <summary>
    /// Writes the epoch that is full, or else the one being gathered: claims it, puts its objects, registers its partitions, advances the
    /// log.
    /// </summary>
    /// <returns>
    /// What was committed; <c>null</c> where there was nothing to write, or an epoch that is read again is not complete yet.
    /// </returns>
    /// <exception cref="LaneLostException">Another writer has the lane.</exception>
    /// <exception cref="LaneStoppedException">The chain and the log do not fit; an operator must decide.</exception>
    public Task<EpochCommitted?> FlushAsync(CancellationToken cancellation = default)
    {
        if (_flushing)
            throw new InvalidOperationException("A lane writes one epoch at a time, and a writer that has failed is done with.");
        if (_chain is not { } chain)
            throw new InvalidOperationException("A lane is recovered before it is written.");
        var cut = WhyFull ?? (DueIn == TimeSpan.Zero ? "time" : "end");
        if (_ready.TryDequeue(out var epoch))
        {
            cut = epoch.Claimed is null ? "partitions" : "again";
        }
        else
        {
            if (_filling.IsEmpty || _filling.Claimed is not null)
                return Task.FromResult<EpochCommitted?>(null);
            epoch = _filling;
            _filling = NextOf(epoch);
        }

        _flushing = true;
        SinksMetrics.Cut(_lane, cut);
        _share?.Cut(epoch.Held, Gathered, IsReadAgain);
        var started = _time.GetTimestamp();
        return Task.Factory.StartNew(
            () => WriteAsync(chain, epoch, started, cancellation), cancellation, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();
    }

    /// <summary>Takes part in the process's budget from now on.</summary>
    /// <param name="changed">Called, on any thread, when <see cref="IsFull"/> or <see cref="HasRoom"/> may have changed.</param>
    internal void Join(Action changed)
    {
        _share = _budget.Join(changed);
        _share.Gather(Gathered, IsReadAgain);
    }

    /// <summary>Takes no part any more.</summary>
    internal void Leave() => _share?.Dispose();

    private async Task<EpochCommitted?> WriteAsync(LaneChain chain, EpochBuffer epoch, long started, CancellationToken cancellation)
    {
        using var activity = SinksMetrics.StartEpoch(_topic, _lane, epoch.First, epoch.End);
        epoch.Settle(Horizon());
        var parts = new Dictionary<TablePartition, EncodedRows>();
        var rows = default(TickCounts);
        foreach (var (partition, columns) in epoch.Tables)
        {
            var encoded = _rows.Encode(columns);
            rows += TickCounts.Of(columns.Kind, encoded.Rows);
            parts.Add(partition, encoded);
        }

        var objectBytes = parts.Values.Sum(part => (long)part.Content.Length);
        _share?.Write(epoch.Held + objectBytes);
        await CheckLogAsync(chain, epoch, cancellation);
        var entry = epoch.Claimed is { } claimed
            ? await MatchingAsync(chain, claimed, parts, epoch.Dead.Count, cancellation)
            : await ClaimAsync(chain, epoch, parts, cancellation);
        if (epoch.Claimed is null || !_isMoved)
        {
            using var upload = new PhaseTimer(PhaseTimer.Upload);
            await Parallel.ForEachAsync(
                entry.Objects, Concurrently(cancellation), async (o, token) => await PutAsync(chain, entry, o, parts[o.In()], token));
        }

        await FinishAsync(entry, epoch.Dead, cancellation);
        await chain.HintAsync(entry.N, cancellation);

        var took = _time.GetElapsedTime(started);
        var committed = new EpochCommitted(
            _topic, _lane, entry.N, entry.First, entry.End, rows, entry.Dead, epoch.Bytes, objectBytes, took);
        SinksMetrics.Committed(committed);
        CommittedPosition = entry.End;
        epoch.Begin(epoch.End);
        Volatile.Write(ref _spare, epoch);
        Volatile.Write(ref _flushing, false);
        _share?.Write(0);
        return committed;
    }

    // Rule 1. A move that takes the number changes where rows go, and nothing else: the epoch is planned anew and claims the next one.
    private async Task<EpochEntry> ClaimAsync(
        LaneChain chain, EpochBuffer epoch, Dictionary<TablePartition, EncodedRows> parts, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(
            parts.Keys.Where(partition => !_locations.ContainsKey(partition)),
            Concurrently(cancellation),
            async (partition, token) => await LocateAsync(partition, token));
        while (true)
        {
            var mine = new EpochEntry(
                _entry + 1, _topic, _lane, epoch.First, epoch.End, epoch.LeaderEpoch, _claim, _time.GetUtcNow(),
                LakeVersions.Decoder, LakeVersions.Schema, epoch.Horizon, epoch.Dead.Count,
                [.. parts.Select(part => Describe(chain, epoch, part.Key, part.Value))]);
            IChainEntry winner;
            using (new PhaseTimer(PhaseTimer.Upload))
                winner = await chain.ClaimAsync(mine, _known, cancellation);
            if (ReferenceEquals(winner, mine))
            {
                _entry = mine.N;
                return mine;
            }

            if (winner is not MoveEntry move)
                throw new LaneLostException(_topic, _lane, winner.N, winner.Claim);
            _entry = move.N;
            _locations[move.Of()] = move.Location;
        }
    }

    // A plan that is not there yet when it is looked for here puts its move on this chain, whose head was read before.
    private async Task LocateAsync(TablePartition partition, CancellationToken cancellation) =>
        _locations[partition] = (await _lake.Plans.FindAsync(_lake.Objects, partition, _headRead, cancellation))?.Location ?? partition.FirstLocation;

    private ChainObject Describe(LaneChain chain, EpochBuffer epoch, TablePartition partition, EncodedRows part) => new(
        partition.Table, partition.Path, chain.DataKey(_locations[partition], epoch.First, epoch.End), part.Rows, part.Checksum);

    private async Task<IChainEntry> OpenAsync(LaneChain chain, LogExtent extent, CancellationToken cancellation)
    {
        if (!_options.IsLogOfOneLife)
        {
            foreach (var other in await LaneChain.ListAsync(_lake.Objects, cancellation))
            {
                if (other.Lane == _lane && other.TopicId != chain.TopicId
                    && await other.ReadAsync(0, cancellation) is OpenEntry { OfOneLife: false } opened && opened.Topic == _topic)
                    throw _stops.OpenedBefore(other.TopicId, extent);
            }
        }

        return await chain.ClaimAsync(
            new OpenEntry(0, _topic, _lane, extent.Low, extent.Low, _claim, _time.GetUtcNow(), _options.IsLogOfOneLife), _known, cancellation);
    }

    private async Task PutAsync(LaneChain chain, EpochEntry entry, ChainObject described, EncodedRows part, CancellationToken cancellation)
    {
        // A compactor deletes what it has rewritten, but nothing of an epoch that is still the newest.
        if (!await _objects.PutAsync(described.Key, part, cancellation) && await chain.ReadAsync(entry.N + 1, cancellation) is null)
        {
            throw new LakeException(
                $"{_lake.Objects.AddressOf(described.Key)} was deleted while it was being written. "
                + "Keep other programs from deleting in the lake; the lane goes on when it is started again.");
        }
    }

    // Rules 3 and 4: nothing is claimed before the log knows.
    private async Task FinishAsync(EpochEntry entry, IReadOnlyList<DeadLetter> dead, CancellationToken cancellation)
    {
        var partitions = entry.Objects.Select(o => o.In()).Where(partition => !_registered.Contains(partition)).ToList();
        using (new PhaseTimer(PhaseTimer.Catalogue))
            await Parallel.ForEachAsync(partitions.Chunk(PartitionsAtOnce), Concurrently(cancellation), async (some, token) => await RegisterAsync(some, token));
        _registered.UnionWith(partitions);
        if (dead.Count > 0)
            await _log.DeadLetterAsync(dead, cancellation);
        await _log.CommitAsync(new LaneOffset(_topic, _lane, entry.End), cancellation);
    }

    private Task RegisterAsync(TablePartition[] partitions, CancellationToken cancellation) =>
        _known.DoAsync(() => _lake.Catalogue.EnsurePartitionsAsync(partitions, cancellation), cancellation);

    private async Task<ObjectState> InspectAsync(EpochEntry entry, CancellationToken cancellation)
    {
        var worst = ObjectState.Right;
        foreach (var described in entry.Objects)
        {
            var state = await _objects.InspectAsync(described, cancellation);
            worst = state > worst ? state : worst;
        }

        return worst;
    }

    private async Task<EpochEntry> MatchingAsync(
        LaneChain chain, EpochEntry claimed, Dictionary<TablePartition, EncodedRows> parts, int dead, CancellationToken cancellation)
    {
        if (claimed.Dead == dead && claimed.Objects.Count == parts.Count
            && claimed.Objects.All(o => parts.TryGetValue(o.In(), out var part) && (part.Rows, part.Checksum) == (o.Rows, o.Checksum)))
            return claimed;
        throw await LostAsync(chain, cancellation) ?? (Exception)_stops.OtherRows(claimed, parts.Values, dead);
    }

    private async Task CheckLogAsync(LaneChain chain, EpochBuffer epoch, CancellationToken cancellation)
    {
        var extent = await _log.ExtentAsync(cancellation);
        var stop = extent.TopicId != chain.TopicId ? _stops.TopicRecreated(chain.TopicId, extent.TopicId, epoch)
            : extent.High < epoch.End ? _stops.Truncated(epoch.End, extent)
            : null;
        if (stop is not null)
            throw await LostAsync(chain, cancellation) ?? (Exception)stop;
    }

    // Before a lane stops, another owner may have gone on.
    private async Task<LaneLostException?> LostAsync(LaneChain chain, CancellationToken cancellation) =>
        await chain.HeadAsync(cancellation) is { } head && head.Base.N > _entry
            ? new LaneLostException(_topic, _lane, head.Base.N, head.Base.Claim)
            : null;

    private LaneStoppedException WhyUnfinishable(EpochEntry entry, ObjectState state, LogExtent extent) => state switch
    {
        ObjectState.Wrong => _stops.HasWrongObject(entry, extent),
        ObjectState.Missing => _stops.LacksObject(entry, extent),
        _ => _stops.LacksDeadLetters(entry, extent),
    };

    private async Task<LaneStoppedException?> MisfitAsync(IChainEntry head, LogExtent extent, CancellationToken cancellation)
    {
        if (head.Topic != _topic)
            return _stops.OtherTopic(head);
        if (extent.High < head.End)
            return _stops.Truncated(head.End, extent);
        if (extent.Low > head.End)
            return _stops.StartsAboveChain(head, extent);
        return head is EpochEntry { LeaderEpoch: >= 0 } epoch
            && !await _log.HoldsAsync(new LaneOffset(_topic, _lane, epoch.End), epoch.LeaderEpoch, cancellation)
            ? _stops.Replaced(epoch)
            : null;
    }

    private ParallelOptions Concurrently(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = _options.ConcurrentPuts, CancellationToken = cancellation, TaskScheduler = Scheduler };

    private long Horizon() => UnixNanos.From(_time.GetUtcNow() + _options.AllowedSkew);

    private EpochBuffer NextOf(EpochBuffer epoch)
    {
        var next = Interlocked.Exchange(ref _spare, null) ?? new EpochBuffer();
        next.Begin(epoch.End);
        return next;
    }
}

using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Storage;

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
    private readonly ParquetEncoder _encoder = new();
    private readonly HashSet<TablePartition> _registered = [];
    private LaneChain? _chain;
    private long _entry;
    private EpochBuffer _filling = new();
    private EpochBuffer? _ready;
    private EpochBuffer? _spare = new();
    private bool _flushing;

    /// <summary>Makes a writer for an assignment.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="log">The lane's log.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="node">This process's name, as the chain entries will bear it.</param>
    /// <param name="options">When epochs are cut; the defaults by default.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public LaneWriter(Lake lake, ILaneLog log, string topic, int lane, string node, LaneOptions? options = null, TimeProvider? time = null)
    {
        (_lake, _log, _topic, _lane) = (lake, log, topic, lane);
        _options = options ?? new LaneOptions();
        _time = time ?? TimeProvider.System;
        _claim = $"{node}/{Guid.NewGuid():N}";
        _stops = new LaneStops(topic, lane);
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
    public bool IsIdle => !_flushing && _ready is null && _filling is { Records: 0, Claimed: null };

    /// <summary>Whether an epoch has come to a limit, so that it is to be flushed before more is added.</summary>
    public bool IsFull => _ready is not null
        || (_filling.Claimed is null && (_filling.Bytes >= _options.MaxBytes || _filling.Records >= _options.MaxRecords));

    /// <summary>
    /// How long until the gathered epoch is to be cut for its age or for want of more; <c>null</c> where there is nothing to cut.
    /// </summary>
    public TimeSpan? DueIn
    {
        get
        {
            if (_filling.Records == 0 || _filling.Claimed is not null)
                return null;
            var age = _options.MaxAge - _time.GetElapsedTime(_filling.FirstAt);
            var idle = _options.Idle - _time.GetElapsedTime(_filling.LastAt);
            var due = age < idle ? age : idle;
            return due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }
    }

    internal TimeProvider Time => _time;

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
            var head = await chain.HeadAsync(cancellation) ?? await OpenAsync(chain, extent, cancellation);

            // The log and its lane's last owner may both have gone on meanwhile: only what the log says after the head was read counts.
            extent = await _log.ExtentAsync(cancellation);
            if (extent.TopicId != chain.TopicId)
                continue;
            var again = head as EpochEntry;
            var stop = Misfit(head, extent);
            if (stop is null && again is not null)
            {
                var state = await InspectAsync(again, cancellation);
                if (state == ObjectState.Right && again.Dead == 0)
                    again = null;
                else if (extent.Low > again.First)
                    stop = WhyUnfinishable(again, state, extent);
            }

            if (stop is not null)
            {
                // Another owner may have gone on since the head was read, and have made good what is amiss.
                if (await chain.ReadAsync(head.N + 1, cancellation) is not null)
                    continue;
                throw stop;
            }

            _entry = head.N;
            if (again is not null)
            {
                _filling.Begin(again);
                CommittedPosition = again.First;
            }
            else
            {
                if (head is EpochEntry finished)
                    await FinishAsync(finished, [], cancellation);
                _filling.Begin(head.End);
                CommittedPosition = head.End;
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
        var index = _filling.Take(batch, 0, _decoder, horizon, now);
        if (!_filling.IsComplete)
            return;

        // What follows the epoch that was being read again belongs to the next one.
        _ready = _filling;
        _filling = TakeSpare();
        _filling.Begin(_ready.End);
        _filling.Take(batch, index, _decoder, horizon, now);
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
        var epoch = _ready;
        _ready = null;
        if (epoch is null)
        {
            if (_filling.Records == 0 || _filling.Claimed is not null)
                return Task.FromResult<EpochCommitted?>(null);
            epoch = _filling;
            _filling = TakeSpare();
            _filling.Begin(epoch.End);
        }

        _flushing = true;
        var started = _time.GetTimestamp();
        return Task.Run(() => WriteAsync(chain, epoch, started, cancellation), cancellation);
    }

    private async Task<EpochCommitted?> WriteAsync(LaneChain chain, EpochBuffer epoch, long started, CancellationToken cancellation)
    {
        using var activity = SinksMetrics.StartEpoch(_topic, _lane, epoch.First, epoch.End);
        epoch.Settle(Horizon());
        var objects = new List<(ChainObject Object, byte[] Content)>();
        var rows = default(TickCounts);
        foreach (var (partition, columns) in epoch.Tables)
        {
            var encoded = _encoder.Encode(columns);
            rows += TickCounts.Of(columns.Kind, encoded.Rows);
            var key = chain.DataKey(partition, epoch.First, epoch.End);
            objects.Add((new ChainObject(partition.Table, partition.Path, key, encoded.Rows, encoded.Checksum), encoded.Content));
        }

        await CheckLogAsync(chain, epoch, cancellation);
        var entry = epoch.Claimed is { } claimed
            ? Matching(claimed, epoch, objects)
            : await ClaimAsync(chain, epoch, [.. objects.Select(o => o.Object)], cancellation);
        await Parallel.ForEachAsync(objects, Concurrently(cancellation), async (o, token) => await PutAsync(o.Object, o.Content, token));
        await FinishAsync(entry, epoch.Dead, cancellation);
        await chain.HintAsync(entry.N, cancellation);

        var objectBytes = objects.Sum(o => (long)o.Content.Length);
        var took = _time.GetElapsedTime(started);
        var committed = new EpochCommitted(
            _topic, _lane, entry.N, entry.First, entry.End, rows, entry.Dead, epoch.Bytes, objectBytes, took);
        SinksMetrics.Committed(committed);
        CommittedPosition = entry.End;
        Volatile.Write(ref _spare, epoch);
        Volatile.Write(ref _flushing, false);
        return committed;
    }

    private async Task<EpochEntry> ClaimAsync(
        LaneChain chain, EpochBuffer epoch, IReadOnlyList<ChainObject> objects, CancellationToken cancellation)
    {
        var mine = new EpochEntry(
            _entry + 1, _topic, _lane, epoch.First, epoch.End, epoch.LeaderEpoch, _claim, _time.GetUtcNow(),
            LakeVersions.Decoder, LakeVersions.Schema, epoch.Horizon, epoch.Dead.Count, objects);
        var winner = await chain.ClaimAsync(mine, UntilKnownAsync, cancellation);
        if (!ReferenceEquals(winner, mine))
            throw new LaneLostException(_topic, _lane, winner.N, winner.Claim);
        _entry = mine.N;
        return mine;
    }

    private async Task<IChainEntry> OpenAsync(LaneChain chain, LogExtent extent, CancellationToken cancellation) => await chain.ClaimAsync(
        new OpenEntry(0, _topic, _lane, extent.Low, extent.Low, _claim, _time.GetUtcNow()), UntilKnownAsync, cancellation);

    private async Task PutAsync(ChainObject described, byte[] content, CancellationToken cancellation)
    {
        if (await UntilKnownAsync(() => _lake.Objects.PutIfAbsentAsync(described.Key, content, cancellation), cancellation))
            return;
        while (await _lake.Objects.GetAsync(described.Key, cancellation) is { } stored)
        {
            if (stored.Content.AsSpan().SequenceEqual(content) || IsRight(described, stored))
                return;
            await UntilKnownAsync(() => _lake.Objects.ReplaceAsync(described.Key, stored.ETag, content, cancellation), cancellation);
        }

        throw new LakeException(
            $"{_lake.Objects.AddressOf(described.Key)} was deleted while it was being written. "
            + "Keep other programs from deleting in the lake; the lane goes on when it is started again.");
    }

    // Rules 3 and 4: nothing is claimed before the log knows.
    private async Task FinishAsync(EpochEntry entry, IReadOnlyList<DeadLetter> dead, CancellationToken cancellation)
    {
        var partitions = entry.Objects.Select(o => o.In()).Where(partition => !_registered.Contains(partition)).ToList();
        await Parallel.ForEachAsync(partitions.Chunk(PartitionsAtOnce), Concurrently(cancellation), async (some, token) => await RegisterAsync(some, token));
        _registered.UnionWith(partitions);
        if (dead.Count > 0)
            await _log.DeadLetterAsync(dead, cancellation);
        await _log.CommitAsync(new LaneOffset(_topic, _lane, entry.End), cancellation);
    }

    private async Task RegisterAsync(TablePartition[] partitions, CancellationToken cancellation) => await UntilKnownAsync(
        async () =>
        {
            await _lake.Catalogue.EnsurePartitionsAsync(partitions, cancellation);
            return true;
        },
        cancellation);

    private async Task<ObjectState> InspectAsync(EpochEntry entry, CancellationToken cancellation)
    {
        var worst = ObjectState.Right;
        foreach (var described in entry.Objects)
        {
            if (await _lake.Objects.GetAsync(described.Key, cancellation) is not { } stored)
                worst = worst == ObjectState.Right ? ObjectState.Missing : worst;
            else if (!IsRight(described, stored))
                worst = ObjectState.Wrong;
        }

        return worst;
    }

    private static bool IsRight(ChainObject described, StoredObject stored) =>
        RowChecksum.OfFile(stored.Content) is { } found && found.Rows == described.Rows && found.Checksum == described.Checksum;

    private EpochEntry Matching(EpochEntry claimed, EpochBuffer epoch, List<(ChainObject Object, byte[] Content)> objects)
    {
        var described = objects.Select(o => o.Object).ToHashSet();
        return claimed.Dead == epoch.Dead.Count && described.SetEquals(claimed.Objects)
            ? claimed
            : throw _stops.OtherRows(claimed, described, epoch.Dead.Count);
    }

    private async Task CheckLogAsync(LaneChain chain, EpochBuffer epoch, CancellationToken cancellation)
    {
        var extent = await _log.ExtentAsync(cancellation);
        var stop = extent.TopicId != chain.TopicId ? _stops.TopicRecreated(chain.TopicId, extent.TopicId, epoch)
            : extent.High < epoch.End ? _stops.Truncated(epoch.End, extent)
            : null;
        if (stop is null)
            return;
        if (await chain.ReadAsync(_entry + 1, cancellation) is { } next)
            throw new LaneLostException(_topic, _lane, next.N, next.Claim);
        throw stop;
    }

    private LaneStoppedException WhyUnfinishable(EpochEntry entry, ObjectState state, LogExtent extent) => state switch
    {
        ObjectState.Wrong => _stops.HasWrongObject(entry, extent),
        ObjectState.Missing => _stops.LacksObject(entry, extent),
        _ => _stops.LacksDeadLetters(entry, extent),
    };

    private LaneStoppedException? Misfit(IChainEntry head, LogExtent extent)
    {
        if (head.Topic != _topic)
            return _stops.OtherTopic(head);
        if (extent.High < head.End)
            return _stops.Truncated(head.End, extent);
        return extent.Low > head.End ? _stops.StartsAboveChain(head, extent) : null;
    }

    private ParallelOptions Concurrently(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = _options.ConcurrentPuts, CancellationToken = cancellation };

    private long Horizon() => UnixNanos.From(_time.GetUtcNow() + _options.AllowedSkew);

    private EpochBuffer TakeSpare() => Interlocked.Exchange(ref _spare, null) ?? new EpochBuffer();

    private async Task<bool> UntilKnownAsync(Func<Task<bool>> put, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        for (var delay = _options.RepeatAfter; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _options.RepeatAfter.Ticks * 100)))
        {
            try
            {
                return await put();
            }
            catch (OutcomeUnknownException e)
            {
                // Whoever recovers the lane finds out from its chain what became of the put.
                if (_time.GetElapsedTime(started) > _options.GiveUpAfter)
                {
                    throw new LakeException(
                        $"Lane {_lane} of {_topic} can't find out what became of a put to the lake {_lake.Location}, for {_options.GiveUpAfter.TotalSeconds:0} s now: {e.Message} "
                        + "Check that the store can be reached from here; nothing is lost, the lane goes on from its chain when it is started again.",
                        e);
                }

                await Task.Delay(delay * ((1 + Random.Shared.NextDouble()) / 2), _time, cancellation);
            }
        }
    }

    private enum ObjectState
    {
        Right,
        Missing,
        Wrong,
    }
}

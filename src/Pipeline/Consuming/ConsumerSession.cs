using System.Diagnostics;
using Confluent.Kafka;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Consuming;

/// <summary>
/// One consumer: its client, the one thread that polls it, blocked while nothing comes and nothing is asked, and the partitions that it has. What is in
/// flight of a partition is finished or dropped within the group's revocation, before the partition is given up.
/// </summary>
internal sealed class ConsumerSession<T> : IControl, IOffsetCommits, IRebalances
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly ConsumerSettings _settings;
    private readonly Subscription _subscription;
    private readonly SessionHooks<T> _hooks;
    private readonly Func<IRebalances, IConsumeClient> _clientOf;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Held while offsets are committed, and while partitions are given up: no commit lands after that.</summary>
    private readonly Lock _commits = new();

    /// <summary>Held while the client's memory is looked at by another thread than the one that polls, and while it is freed.</summary>
    private readonly Lock _memory = new();
    private readonly Dictionary<TopicPartition, PartitionPort<T>> _ports = [];
    private volatile PartitionPort<T>[] _all = [];

    /// <summary>What is assigned cooperatively has to be taken whole: a partition that is not to be read has a queue that nobody reads.</summary>
    private readonly Dictionary<TopicPartition, IPartitionQueue> _unread = [];

    /// <summary>The partitions that this consumer has; those that are being assigned are among them before they are read.</summary>
    private volatile PartitionLedger[] _owned = [];
    private volatile IConsumeClient? _client;
    private Action<PartitionPort<T>>? _onAssigned;
    private Action<Exception?>? _onEnd;
    private Exception? _failure;
    private long _stoppedAt;
    private volatile bool _leave;

    public ConsumerSession(ConsumerSettings settings, Subscription subscription, SessionHooks<T> hooks, Func<IRebalances, IConsumeClient> clientOf, TimeProvider time) =>
        (_settings, _subscription, _hooks, _clientOf, _time) = (settings, subscription, hooks, clientOf, time);

    public Task IsShutdown => _closed.Task;

    public IReadOnlyList<PartitionMetrics> Metrics
    {
        get
        {
            lock (_memory)
                return [.. _all.Select(port => new PartitionMetrics(port.Ledger.Partition, port.Position, _client?.EndOf(port.Ledger.Partition), port.Queued))];
        }
    }

    public void Stop()
    {
        if (_stop.IsCancellationRequested)
            return;
        Volatile.Write(ref _stoppedAt, _time.GetTimestamp());
        _stop.Cancel();
        _client?.Wake();
    }

    public Task Shutdown()
    {
        Stop();
        _leave = true;
        _client?.Wake();
        return IsShutdown;
    }

    public async Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion)
    {
        Stop();
        try
        {
            return await streamCompletion;
        }
        finally
        {
            await Shutdown();
        }
    }

    public async Task<bool> CommitAsync(TopicPartitionOffset next, CancellationToken cancel)
    {
        if (_owned.FirstOrDefault(owned => owned.Partition == next.TopicPartition) is not { } partition)
            return false;
        try
        {
            await CommitAsync([(partition, next.Offset.Value)]).WaitAsync(cancel);
            return true;
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress)
        {
            return false;
        }
        catch (KafkaException e)
        {
            throw new LogException(
                $"The offset {next.Offset} of lane {next.Partition.Value} of {next.Topic} can't be committed to group {_settings.GroupId}: {e.Error.Reason}", e);
        }
    }

    public Task CommitAsync(IReadOnlyCollection<(PartitionLedger Partition, long Next)> done) => Task.Run(() =>
    {
        lock (_commits)
            CommitOwned(done);
    });

    /// <summary>From the stage: begins to poll.</summary>
    /// <param name="onAssigned">Told of each partition as it is assigned.</param>
    /// <param name="onEnd">Told once that nothing more is assigned, and why where that was not asked for.</param>
    public void Start(Action<PartitionPort<T>> onAssigned, Action<Exception?> onEnd)
    {
        (_onAssigned, _onEnd) = (onAssigned, onEnd);
        new Thread(Run) { IsBackground = true, Name = $"consume {_subscription}" }.Start();
    }

    /// <summary>From the stage: it is gone. Where that was not asked for, so is the consumer.</summary>
    public void Detach()
    {
        if (!_stop.IsCancellationRequested)
            _ = Shutdown();
    }

    public IReadOnlyList<TopicPartitionOffset> Assigned(IReadOnlyList<TopicPartition> partitions)
    {
        if (_stop.IsCancellationRequested)
            return [];
        Own(partitions);
        try
        {
            var starts = _hooks.OffsetsOnAssign is { } ask
                ? ask(partitions, _stop.Token).GetAwaiter().GetResult()
                : [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset))];
            var left = partitions.Except(starts.Select(start => start.TopicPartition)).ToList();
            foreach (var partition in left)
                _unread.Add(partition, _client!.Open(partition));
            return [.. Open(starts), .. left.Select(partition => new TopicPartitionOffset(partition, Offset.End))];
        }
        catch (Exception e)
        {
            // An exception must not travel through the client: the loop ends with it right after this call.
            _failure ??= e;
            return [];
        }
    }

    public void Revoked(IReadOnlyList<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return;
        var started = _time.GetTimestamp();
        var ports = PortsOf(partitions);
        foreach (var port in ports)
            port.End(PartitionEnd.Revoked);
        // A stream that has failed does nothing more of what is in flight.
        var inFlight = Task.WhenAll([_hooks.OnRevoke?.Invoke(partitions) ?? Task.CompletedTask, .. _failure is null ? ports.Select(port => port.Ledger.Settled) : []]);
        try
        {
            inFlight.Wait(_settings.RevocationTimeout);
        }
        catch (AggregateException e)
        {
            _failure ??= e.InnerException;
        }

        // A commit that hangs is not waited for longer than that either; the group refuses it when it has gone on without this member.
        var left = _settings.RevocationTimeout - _time.GetElapsedTime(started);
        if (_commits.TryEnter(left > TimeSpan.Zero ? left : TimeSpan.Zero))
        {
            try
            {
                CommitOwned([.. ports.Where(port => port.Ledger.DoneUpTo is not null).Select(port => (port.Ledger, port.Ledger.DoneUpTo!.Value))]);
            }
            catch (KafkaException)
            {
                // What could not be committed is read again by the next owner: nothing is lost.
            }
            finally
            {
                GiveUp(partitions, ports);
                _commits.Exit();
            }
        }
        else
        {
            GiveUp(partitions, ports);
        }
    }

    public void Lost(IReadOnlyList<TopicPartition> partitions)
    {
        var ports = PortsOf(partitions);
        foreach (var port in ports)
            port.End(PartitionEnd.Revoked);
        GiveUp(partitions, ports);
    }

    public void Failed(Error error) => _failure ??= new LogException($"The consumer of {_subscription} failed: {error.Reason}");

    private void Run()
    {
        IConsumeClient? client = null;
        try
        {
            _client = client = _clientOf(this);
            PipelineMetrics.Consumers.TryAdd(this, _settings.GroupId);
            if (_subscription.Topics.Count > 0)
            {
                client.Subscribe(_subscription.Topics);
            }
            else
            {
                Own([.. _subscription.Partitions.Select(p => p.TopicPartition)]);
                client.Assign(Open(_subscription.Partitions));
            }

            Poll(client);
        }
        catch (KafkaException e)
        {
            _failure ??= new LogException($"{_subscription} can't be read: {e.Error.Reason}", e);
        }
        catch (Exception e)
        {
            _failure ??= e is InvalidOperationException or ArgumentException
                ? new LogException($"Kafka's client does not take this configuration: {e.Message} Check Kafka:Properties.", e)
                : e;
        }

        PipelineMetrics.Consumers.TryRemove(this, out _);
        EndSources(_failure is null ? PartitionEnd.Stopped : PartitionEnd.Failed, _failure);
        Close(client);
        _closed.SetResult();
    }

    private void Poll(IConsumeClient client)
    {
        while (!_leave && _failure is null)
        {
            client.Poll();
            if (_stop.IsCancellationRequested)
            {
                EndSources(PartitionEnd.Stopped, null);
                if (_time.GetElapsedTime(Volatile.Read(ref _stoppedAt)) > _settings.StopTimeout)
                    return;
                client.Wait(LongestWait);
                continue;
            }

            var served = false;
            foreach (var port in _all)
                served |= port.Serve();
            if (!served)
                client.Wait(LongestWait);
        }
    }

    /// <summary>What is still assigned is revoked by the group as the client leaves it; without a group it is given up here.</summary>
    private void Close(IConsumeClient? client)
    {
        try
        {
            client?.Close();
        }
        catch (KafkaException)
        {
            // Leaving a group that can't be reached: it will notice by itself.
        }

        Revoked([.. _owned.Select(owned => owned.Partition)]);
        lock (_commits)
        {
            lock (_memory)
            {
                _client = null;
                client?.Dispose();
            }
        }
    }

    private void EndSources(PartitionEnd how, Exception? cause)
    {
        foreach (var port in _all)
            port.End(how, cause);
        Interlocked.Exchange(ref _onEnd, null)?.Invoke(cause);
    }

    private void Own(IReadOnlyList<TopicPartition> partitions) =>
        _owned = [.. _owned, .. partitions.Select(partition => new PartitionLedger(partition, this, _hooks.IsTold))];

    private List<TopicPartitionOffset> Open(IReadOnlyList<TopicPartitionOffset> starts)
    {
        foreach (var start in starts)
        {
            var ledger = _owned.First(owned => owned.Partition == start.TopicPartition);
            var port = new PartitionPort<T>(
                ledger, _client!.Open(start.TopicPartition), _hooks.ReadingOf(ledger, start.Offset.IsSpecial ? null : start.Offset.Value), _settings.MaxBatchRecords, _client.Wake);
            _ports.Add(start.TopicPartition, port);
            _onAssigned!(port);
        }

        _all = [.. _ports.Values];
        return [.. starts];
    }

    private List<PartitionPort<T>> PortsOf(IReadOnlyList<TopicPartition> partitions) =>
        [.. partitions.Where(_ports.ContainsKey).Select(partition => _ports[partition])];

    private void GiveUp(IReadOnlyList<TopicPartition> partitions, List<PartitionPort<T>> ports)
    {
        _owned = [.. _owned.Where(owned => !partitions.Contains(owned.Partition))];
        lock (_memory)
        {
            foreach (var port in ports)
            {
                _ports.Remove(port.Ledger.Partition);
                port.Release();
            }

            foreach (var partition in partitions)
            {
                if (_unread.Remove(partition, out var queue))
                    queue.Dispose();
            }

            _all = [.. _ports.Values];
        }
    }

    private void CommitOwned(IReadOnlyCollection<(PartitionLedger Partition, long Next)> done)
    {
        Debug.Assert(_commits.IsHeldByCurrentThread, "Partitions may be given up meanwhile.");
        var owned = done.Where(offset => _owned.Contains(offset.Partition) && !(offset.Next <= offset.Partition.Committed)).ToList();
        if (owned.Count == 0 || _client is not { } client)
            return;
        client.Commit(owned.ConvertAll(offset => new TopicPartitionOffset(offset.Partition.Partition, offset.Next)));
        foreach (var (partition, next) in owned)
            partition.Committed = next;
    }
}

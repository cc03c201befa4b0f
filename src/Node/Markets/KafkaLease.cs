using System.Text.Json;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Coordination;
using Akka.Event;
using StockActors.Pipeline;

namespace StockActors.Node.Markets;

/// <summary>A lease that the log keeps: who holds it is a record, and a record is changed by one at a time.</summary>
/// <remarks>
/// Whoever holds it says so again every second: one that was killed has let go a few seconds later, and one that lives is known to do so by whoever waits.
/// A node that was asleep (stopped, or its machine suspended) wakes up to see none of the others, asks for the lease, and may find that whoever settled
/// matters without it has long let go: with the lease it would put a healthy majority down. So one that slept does not get a lease that another took
/// meanwhile.
/// </remarks>
public sealed class KafkaLease : Lease
{
    /// <summary>Who is silent for longer counts as gone among the others.</summary>
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PulseInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SleepRemembered = TimeSpan.FromMinutes(1);

    /// <summary>The most that the nodes' clocks are taken to differ by.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ITimer _pulse;
    private readonly Task<SharedRecord> _record;
    private readonly ILoggingAdapter _logger;
    private readonly Cluster _cluster;
    private CancellationTokenSource? _hold;
    private DateTimeOffset _awakeAt = TimeProvider.System.GetUtcNow();
    private (DateTimeOffset From, DateTimeOffset Until)? _sleep;

    /// <summary>Made by Akka, by its name in the configuration.</summary>
    /// <param name="settings">Whose lease it is, and how long one is held that nobody releases.</param>
    /// <param name="system">The actor system, whose setup has the record.</param>
    public KafkaLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _record = system.Settings.Setup.Get<KafkaLeaseSetup>().Value.Record;
        _logger = Logging.GetLogger(system, typeof(KafkaLease));
        _cluster = Cluster.Get(system);
        _pulse = TimeProvider.System.CreateTimer(_ => SleptFrom(), null, PulseInterval, PulseInterval);
        system.WhenTerminated.ContinueWith(
            _ =>
            {
                _pulse.Dispose();
                LetGo();
            },
            TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override async Task<bool> Acquire()
    {
        var sleptFrom = SleptFrom();
        using var limit = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout);
        Holding? met = null;
        while (await ChangeAsync((held, now) => IsOurs(held) || (!(held?.Until > now) && !IsSince(sleptFrom, held)) ? Mine(now) : held, limit.Token) is { } stands)
        {
            if (IsMine(stands))
            {
                Hold();
                return true;
            }

            // A holder of before that lives says so again within a second, and has settled this split too.
            met ??= stands;
            if (stands.Owner != met.Owner || stands.Until > met.Until || IsSince(sleptFrom, stands))
                return false;
            await Task.Delay(Settings.TimeoutSettings.HeartbeatInterval);
        }

        return false;
    }

    /// <inheritdoc/>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

    /// <inheritdoc/>
    public override async Task<bool> Release()
    {
        LetGo();
        await ChangeAsync((held, now) => IsMine(held) ? held! with { Until = now } : held, CancellationToken.None);
        return true;
    }

    /// <inheritdoc/>
    public override bool CheckLease() => Volatile.Read(ref _hold) is not null;

    private void Hold()
    {
        var hold = new CancellationTokenSource();
        if (Interlocked.CompareExchange(ref _hold, hold, null) is null)
            _ = RenewAsync(hold.Token);
    }

    private void LetGo() => Interlocked.Exchange(ref _hold, null)?.Cancel();

    private async Task RenewAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Settings.TimeoutSettings.HeartbeatInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            var stands = await ChangeAsync(
                (held, now) => IsMine(held) && !stop.IsCancellationRequested ? held! with { Until = now + Settings.TimeoutSettings.HeartbeatTimeout } : held, CancellationToken.None);
            if (stands is not null && !IsMine(stands))
                LetGo();
        }
    }

    private bool IsMine(Holding? held) => held?.Owner == Settings.OwnerName;

    /// <summary>Whether this node has it, or one that it can reach, which is on its side of any split.</summary>
    private bool IsOurs(Holding? held)
    {
        var state = _cluster.State;
        return IsMine(held) || state.Members.Except(state.Unreachable).Any(member => member.Address.HostPort() == held?.Owner);
    }

    private Holding Mine(DateTimeOffset now) => new(Settings.OwnerName, now + Settings.TimeoutSettings.HeartbeatTimeout, now);

    private static bool IsSince(DateTimeOffset? sleptFrom, Holding? held) => held?.Since > sleptFrom - ClockSkew;

    /// <summary>Since when this node was asleep, where that is not long ago; <c>null</c> where it was not.</summary>
    private DateTimeOffset? SleptFrom()
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (_sleep?.Until < now - SleepRemembered)
                _sleep = null;
            if (now - _awakeAt > Sleep)
                _sleep = (_sleep?.From ?? _awakeAt, now);
            _awakeAt = now;
            return _sleep?.From;
        }
    }

    /// <returns>What stands now; <c>null</c> where the log did not say in time.</returns>
    private async Task<Holding?> ChangeAsync(Func<Holding?, DateTimeOffset, Holding?> change, CancellationToken cancel)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Settings.TimeoutSettings.OperationTimeout);
            var stands = await (await _record).ChangeAsync(
                found =>
                {
                    var held = found is null ? null : JsonSerializer.Deserialize<Holding>(found);
                    var wanted = change(held, TimeProvider.System.GetUtcNow());
                    return wanted is null || wanted == held ? null : JsonSerializer.SerializeToUtf8Bytes(wanted);
                },
                limit.Token);
            return stands is null ? null : JsonSerializer.Deserialize<Holding>(stands);
        }
        catch (Exception e) when (e is LogException or OperationCanceledException or JsonException)
        {
            _logger.Warning("The cluster's lease can't be had: {0}", e.Message);
            return null;
        }
    }

    /// <summary>Who holds it, until when where nobody releases it, and since when.</summary>
    private sealed record Holding(string Owner, DateTimeOffset Until, DateTimeOffset Since = default);
}

/// <summary>Gives the record to the lease, which Akka makes by its name.</summary>
/// <param name="record">Where the lease is kept.</param>
internal sealed class KafkaLeaseSetup(Task<SharedRecord> record) : Setup
{
    public Task<SharedRecord> Record { get; } = record;
}

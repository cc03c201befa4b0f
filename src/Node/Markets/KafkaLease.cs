using System.Text.Json;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.Event;
using StockActors.Pipeline;

namespace StockActors.Node.Markets;

/// <summary>A lease that the log keeps: who holds it is a record, and a record is changed by one at a time.</summary>
/// <remarks>
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
    private volatile bool _held;
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
        _pulse = TimeProvider.System.CreateTimer(_ => SleptFrom(), null, PulseInterval, PulseInterval);
        system.WhenTerminated.ContinueWith(_ => _pulse.Dispose(), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override Task<bool> Acquire()
    {
        var sleptFrom = SleptFrom();
        return ChangeAsync((held, now) =>
            held is null || held.Owner == Settings.OwnerName || (held.Until <= now && !(held.Since > sleptFrom - ClockSkew))
                ? new Holding(Settings.OwnerName, now + Settings.TimeoutSettings.HeartbeatTimeout, now)
                : held);
    }

    /// <inheritdoc/>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

    /// <inheritdoc/>
    public override async Task<bool> Release()
    {
        await ChangeAsync((held, now) => held?.Owner == Settings.OwnerName ? held with { Until = now } : held);
        _held = false;
        return true;
    }

    /// <inheritdoc/>
    public override bool CheckLease() => _held;

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

    private async Task<bool> ChangeAsync(Func<Holding?, DateTimeOffset, Holding?> change)
    {
        try
        {
            using var limit = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout);
            var stands = await (await _record).ChangeAsync(
                found =>
                {
                    var held = found is null ? null : JsonSerializer.Deserialize<Holding>(found);
                    var wanted = change(held, TimeProvider.System.GetUtcNow());
                    return wanted is null || wanted == held ? null : JsonSerializer.SerializeToUtf8Bytes(wanted);
                },
                limit.Token);
            return _held = stands is not null && JsonSerializer.Deserialize<Holding>(stands)!.Owner == Settings.OwnerName;
        }
        catch (Exception e) when (e is LogException or OperationCanceledException or JsonException)
        {
            _logger.Warning("The cluster's lease can't be had: {0}", e.Message);
            return _held = false;
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

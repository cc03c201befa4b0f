using System.Text.Json;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.Event;
using StockActors.Pipeline;

namespace StockActors.Node.Markets;

/// <summary>A lease that the log keeps: who holds it is a record, and a record is changed by one at a time.</summary>
public sealed class KafkaLease : Lease
{
    private readonly Task<SharedRecord> _record;
    private readonly ILoggingAdapter _logger;
    private volatile bool _held;

    /// <summary>Made by Akka, by its name in the configuration.</summary>
    /// <param name="settings">Whose lease it is, and how long one is held that nobody releases.</param>
    /// <param name="system">The actor system, whose setup has the record.</param>
    public KafkaLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _record = system.Settings.Setup.Get<KafkaLeaseSetup>().Value.Record;
        _logger = Logging.GetLogger(system, typeof(KafkaLease));
    }

    /// <inheritdoc/>
    public override Task<bool> Acquire() => ChangeAsync(
        (held, now) => held is null || held.Owner == Settings.OwnerName || held.Until <= now
            ? new Holding(Settings.OwnerName, now + Settings.TimeoutSettings.HeartbeatTimeout)
            : held);

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

    /// <summary>Who holds it, and until when where nobody releases it.</summary>
    private sealed record Holding(string Owner, DateTimeOffset Until);
}

/// <summary>Gives the record to the lease, which Akka makes by its name.</summary>
/// <param name="record">Where the lease is kept.</param>
internal sealed class KafkaLeaseSetup(Task<SharedRecord> record) : Setup
{
    public Task<SharedRecord> Record { get; } = record;
}

using System.Threading.Channels;
using Confluent.Kafka;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Messages;

namespace StockActors.Pipeline.Tests;

/// <summary>A client whose deliveries the test makes; it remembers what it took, in order.</summary>
internal sealed class FakeProduceClient : IProduceClient<string, int>
{
    private readonly Lock _gate = new();
    private readonly Channel<Taken> _taken = Channel.CreateUnbounded<Taken>();
    private readonly TaskCompletionSource<int> _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _offset;
    private int _inFlight;

    /// <summary>How many undelivered records the queue holds.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>Whether the queue is full when a value comes, whatever is in it: who else uses it comes and goes in between.</summary>
    public Func<int, bool> IsFull { get; init; } = _ => false;

    /// <summary>The error with which a value is refused; <c>null</c> takes it.</summary>
    public Func<int, Error?> Refuse { get; init; } = _ => null;

    public int MostInFlight { get; private set; }

    public int TimesFull { get; private set; }

    /// <summary>How many records were undelivered when the client was freed.</summary>
    public Task<int> Disposed => _disposed.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public bool TryProduce(ProducerRecord<string, int> record, IDelivery delivery)
    {
        lock (_gate)
        {
            if (Refuse(record.Message.Value) is { } error)
                throw new ProduceException<string, int>(error, new DeliveryResult<string, int>());
            if (_inFlight >= Room || IsFull(record.Message.Value))
            {
                TimesFull++;
                return false;
            }

            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }

        _taken.Writer.TryWrite(new Taken(this, record.Message.Value, delivery));
        return true;
    }

    public async Task<Taken> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _taken.Reader.ReadAsync(patience.Token);
    }

    public void Dispose() => _disposed.SetResult(Volatile.Read(ref _inFlight));

    /// <summary>A record that the client took.</summary>
    public sealed record Taken(FakeProduceClient Client, int Value, IDelivery Delivery)
    {
        public void Deliver(ErrorCode error = ErrorCode.NoError)
        {
            long offset;
            lock (Client._gate)
            {
                Client._inFlight--;
                offset = Client._offset++;
            }

            Delivery.Report(error, 2, offset, Timestamp.Default);
        }
    }
}

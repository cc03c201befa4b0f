using System.Threading.Channels;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Reactive.Streams;

namespace StockActors.Simulator.Tests;

/// <summary>The end of a stream that asks for nothing of its own accord.</summary>
internal sealed class StreamProbe<T> : ISubscriber<T>
{
    private readonly Channel<T> _elements = Channel.CreateUnbounded<T>();
    private readonly TaskCompletionSource<ISubscription> _subscription = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static StreamProbe<T> Run(Source<T, NotUsed> source, IMaterializer materializer)
    {
        var probe = new StreamProbe<T>();
        source.RunWith(Sink.AsPublisher<T>(fanout: false), materializer).Subscribe(probe);
        return probe;
    }

    public async Task RequestAsync(long count) => (await _subscription.Task.WaitAsync(Patience)).Request(count);

    /// <summary>The next element, or the failure of the stream.</summary>
    public async Task<T> NextAsync() => await _elements.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public void OnSubscribe(ISubscription subscription) => _subscription.SetResult(subscription);

    public void OnNext(T element) => _elements.Writer.TryWrite(element);

    public void OnError(Exception cause) => _elements.Writer.TryComplete(cause);

    public void OnComplete() => _elements.Writer.TryComplete();

    private static TimeSpan Patience => TimeSpan.FromSeconds(10);
}

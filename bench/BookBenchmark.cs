using System.Diagnostics;
using StockActors.Simulator.Book;
using StockActors.Simulator.Book.Streams;

namespace StockActors.Bench;

/// <summary>
/// The order book alone on the five made streams, against one of the framework's collections. A pass plays the stream and cancels what is left, so that
/// the next begins with an empty book that has grown: what is measured is the steady state. Trades are delivered into an array.
/// </summary>
internal sealed class BookBenchmark : Benchmark
{
    private const int Count = 1_000_000;
    private static readonly double NanosPerTimestamp = 1e9 / Stopwatch.Frequency;

    /// <inheritdoc/>
    public override string Name => "book";

    /// <inheritdoc/>
    public override string Summary => "the order book on five streams, one core, and its slowest operations (p50, p99, p99.9 with the clock's own 20 to 40 ns), against framework collections";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run() => MadeStreams.Names.SelectMany(Run);

    private static IEnumerable<Row> Run(string name)
    {
        var operations = MadeStreams.Make(name, Count).Operations.ToArray();
        var (book, plain) = (new OrderBook(), new PlainBook());
        foreach (var operation in operations)
            plain.Do(operation);
        var trades = new Execution[plain.Trades];

        // What is left when the stream is over is cancelled, and that is a part of the stream as well.
        operations = [.. operations, .. plain.Standing.Select(id => new BookOperation(OperationKind.Cancel, default, 0, id, 0))];
        foreach (var operation in operations.AsSpan(Count))
            plain.Do(operation);

        yield return Race.Run($"book.{name}", "orders", () => Play(operations, book, trades), () =>
        {
            foreach (ref readonly var operation in operations.AsSpan())
                plain.Do(operation);
            return operations.Length;
        });

        var (allocated, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        var nanos = Latencies(operations, book, trades);
        (allocated, cpu) = (GC.GetTotalAllocatedBytes(precise: true) - allocated, Environment.CpuUsage.TotalTime - cpu);
        var plainNanos = Latencies(operations, plain);
        using var process = Process.GetCurrentProcess();
        foreach (var (percentile, share) in ((string, double)[])[("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)])
        {
            yield return new Row($"book.{name}.{percentile}", nanos[(int)(nanos.Length * share)], "ns", plainNanos[(int)(nanos.Length * share)],
                cpu.TotalSeconds, process.PeakWorkingSet64 / 1e6, (allocated - (8.0 * nanos.Length)) / nanos.Length);
        }
    }

    private static int Play(BookOperation[] operations, OrderBook book, Execution[] trades)
    {
        var sink = new Delivery(trades);
        foreach (ref readonly var operation in operations.AsSpan())
            OrderStream.Do(operation, book, ref sink);
        return operations.Length;
    }

    private static double[] Latencies(BookOperation[] operations, OrderBook book, Execution[] trades)
    {
        var sink = new Delivery(trades);
        var nanos = new double[operations.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            OrderStream.Do(operations[i], book, ref sink);
            nanos[i] = (Stopwatch.GetTimestamp() - started) * NanosPerTimestamp;
        }

        Array.Sort(nanos);
        return nanos;
    }

    private static double[] Latencies(BookOperation[] operations, PlainBook book)
    {
        var nanos = new double[operations.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            book.Do(operations[i]);
            nanos[i] = (Stopwatch.GetTimestamp() - started) * NanosPerTimestamp;
        }

        Array.Sort(nanos);
        return nanos;
    }

    private struct Delivery(Execution[] trades) : IExecutionSink
    {
        private int _count;

        public void Executing(in Execution execution) => trades[_count++] = execution;

        public readonly void Cancelling(in StandingOrder order)
        {
        }
    }
}

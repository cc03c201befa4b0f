using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Sinks;
using StockActors.Sinks.Compaction;

namespace StockActors.Node.Ingest;

/// <summary>Compacts what is closed, beside the ingest: a pass at intervals.</summary>
internal sealed class CompactionRun : IAsyncDisposable
{
    private readonly Compactor _compactor;
    private readonly IngestOptions _options;
    private readonly TextWriter _told;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    /// <summary>What the last pass has waited for: an epoch that is being written is unfinished for a moment, and nothing to be told of.</summary>
    private readonly HashSet<string> _waited = [];

    private CompactionRun(Lake lake, KafkaLog log, IngestOptions options, TextWriter told)
    {
        (_options, _told) = (options, told);
        _compactor = new Compactor(lake, Environment.MachineName, OptionsOf(options, new EpochFinisher(lake, log)));
        _run = RunAsync();
    }

    /// <summary>Begins; the first pass comes after an interval.</summary>
    public static CompactionRun Start(Lake lake, KafkaLog log, IngestOptions options, TextWriter told) => new(lake, log, options, told);

    /// <summary>What the configuration says of compactions.</summary>
    public static CompactionOptions OptionsOf(IngestOptions options, EpochFinisher? finisher = null) => new()
    {
        Finisher = finisher,
        RowsPerObject = options.CompactRows,
        QuietFor = options.CompactAfter.Span,
        Grace = options.CompactGrace.Span,
    };

    /// <summary>
    /// Compacts at once all that is in the lake, for a process that has come to its end and writes nothing more; what is replaced is left to a
    /// later pass to delete, for others may be reading it.
    /// </summary>
    /// <returns>How many partitions were rewritten.</returns>
    public static async Task<int> OnceAsync(Lake lake, IngestOptions options, CancellationToken cancel)
    {
        var rewritten = new List<PartitionCompacted>();
        var compactor = new Compactor(lake, Environment.MachineName, OptionsOf(options) with { QuietFor = TimeSpan.Zero });
        await compactor.RunAsync(await compactor.FindAsync(cancel), new Reported<PartitionCompacted>(rewritten.Add), leaveBehind: true, cancel);
        return rewritten.Count(partition => partition.State == CompactionState.Switched);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var interval = new PeriodicTimer(_options.CompactInterval.Span);
            while (await interval.WaitForNextTickAsync(_stop.Token))
                await PassAsync();
        }
        catch (OperationCanceledException)
        {
            // What was begun is finished by the next pass, here or elsewhere.
        }
    }

    // What stops a compaction, or has one wait for long, is told; the lanes go on without it, and the next pass tries again.
    private async Task PassAsync()
    {
        try
        {
            IReadOnlyList<TablePartition> partitions = [.. await _compactor.FindAsync(_stop.Token), .. await _compactor.FindLeftBehindAsync(_stop.Token)];
            var waiting = new HashSet<string>();
            await _compactor.RunAsync(partitions, new Reported<PartitionCompacted>(done => waiting.Add(done.WaitsFor ?? "")), cancellation: _stop.Token);
            foreach (var reason in waiting.Where(reason => reason.Length > 0 && !_waited.Add(reason)))
                _told.WriteLine($"error: a compaction waits: {reason}");
            _waited.RemoveWhere(reason => !waiting.Contains(reason));
        }
        catch (Exception e) when (e is CompactionStoppedException or LakeException or LaneStoppedException)
        {
            _told.WriteLine("error: " + e.Message);
        }
    }
}

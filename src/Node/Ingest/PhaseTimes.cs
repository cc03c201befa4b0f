using System.Diagnostics.Metrics;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Ingest;

/// <summary>Where an ingest's time went: the libraries' own metrics, summed over lanes from when this was made.</summary>
internal sealed class PhaseTimes : IDisposable
{
    private static readonly string[] Order = ["consume", "decode", "sort", "encode", "compress", "upload", "catalogue"];

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _seconds = Order.ToDictionary(phase => phase, _ => 0.0);

    public PhaseTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if ((instrument.Meter.Name, instrument.Name) is (PipelineMetrics.Name, "stockactors.consume.duration") or (SinksMetrics.Name, "stockactors.ingest.phase.duration"))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            var phase = tags is [{ Value: string named }] ? named : Order[0];
            lock (_gate)
                _seconds[phase] += seconds;
        });
        _listener.Start();
    }

    /// <summary>Seconds by phase, in the order of a row's way.</summary>
    public IReadOnlyDictionary<string, double> Seconds
    {
        get
        {
            lock (_gate)
                return Order.ToDictionary(phase => phase, phase => Math.Round(_seconds[phase], 3));
        }
    }

    public override string ToString() => string.Join(", ", Seconds.Select(phase => $"{phase.Key} {phase.Value:0.00}"));

    public void Dispose() => _listener.Dispose();
}

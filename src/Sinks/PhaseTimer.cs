using System.Diagnostics;

namespace StockActors.Sinks;

/// <summary>Adds what passes until its disposal to the metric of a phase.</summary>
internal readonly struct PhaseTimer(string phase) : IDisposable
{
    public const string Decode = "decode";
    public const string Sort = "sort";
    public const string Encode = "encode";
    public const string Compress = "compress";
    public const string Upload = "upload";
    public const string Catalogue = "catalogue";

    private readonly long _started = Stopwatch.GetTimestamp();

    public void Dispose() => SinksMetrics.Spent(phase, Stopwatch.GetElapsedTime(_started));
}

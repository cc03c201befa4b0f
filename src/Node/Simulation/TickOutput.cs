using StockActors.Market;
using StockActors.Sinks;

namespace StockActors.Node.Simulation;

/// <summary>A file that ticks are written to: Parquet or CSV, as its name ends. One that is not completed can't be read.</summary>
internal sealed class TickOutput : IDisposable
{
    private readonly Stream _stream;
    private readonly StreamWriter? _text;
    private readonly TickFile? _file;
    private readonly Take _add;

    /// <summary>Begins a file; one that is there is replaced.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="only">The one kind that is added; the ticks of all kinds but bars where <c>null</c>.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public TickOutput(string path, TickKind? only = null)
    {
        _stream = File.Create(path);
        if (Path.GetExtension(path) == ".csv")
        {
            _text = new StreamWriter(_stream);
            _add = only switch
            {
                TickKind.Order => new OrderCsv(_text).Add,
                TickKind.Truth => new TruthCsv(_text).Add,
                _ => new TickCsv(_text).Add,
            };
            return;
        }

        _file = new TickFile(_stream, only);
        _add = _file.Add;
    }

    private delegate void Take(in Tick tick);

    /// <summary>Adds a tick.</summary>
    public void Add(in Tick tick) => _add(tick);

    /// <summary>Ends the file.</summary>
    public void Complete()
    {
        _text?.Flush();
        _file?.Complete();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _stream.Dispose();
    }
}

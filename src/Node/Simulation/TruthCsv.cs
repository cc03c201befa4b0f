using System.Globalization;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Node.Simulation;

/// <summary>What was really so in a simulation as lines of a CSV file, with the names of the lake's columns; what a kind has not is empty.</summary>
internal sealed class TruthCsv
{
    private readonly TextWriter _to;

    public TruthCsv(TextWriter to)
    {
        _to = to;
        to.Write("symbol,ts_event,sequence,run_id,source,kind,began,side,price,size,filled,events\n");
    }

    /// <summary>Adds a record. No text in it has a comma, a quote or a line's end.</summary>
    public void Add(in Tick tick)
    {
        var truth = tick.Truth!;
        _to.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{tick.Symbol},{tick.TsEvent},{tick.Sequence},{tick.RunId},{TickNames.Of(tick.Source)},{TickNames.Of(truth.Kind)},{truth.Began},{TickNames.Of(truth.Side)},{(truth.Price is { } price ? Price.Format(price) : "")},{truth.Size},{truth.Filled},{truth.Events}\n"));
    }
}

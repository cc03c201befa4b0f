using System.Globalization;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Node.Simulation;

/// <summary>What was really so in a simulation as lines of a CSV file; what a kind has not is empty.</summary>
internal static class TruthCsv
{
    /// <summary>Writes the names of the columns.</summary>
    public static void Begin(TextWriter to) => to.Write("symbol,ts_event,run_id,kind,began,side,price,size,filled,events\n");

    /// <summary>Writes a truth. No text in it has a comma, a quote or a line's end.</summary>
    public static void Write(TextWriter to, Truth truth) => to.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{truth.Symbol},{truth.TsEvent},{truth.RunId},{TickNames.Of(truth.Kind)},{truth.Began},{TickNames.Of(truth.Side)},{(truth.Price is { } price ? Price.Format(price) : "")},{truth.Size},{truth.Filled},{truth.Events}\n"));
}

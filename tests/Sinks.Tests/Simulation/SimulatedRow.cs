using System.Globalization;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A row, as far as the simulation tells rows apart. A foreign producer may have sent the same one several times.</summary>
internal readonly record struct SimulatedRow(string Symbol, long Sequence, string Run, long TsEvent)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Symbol},{Sequence},{Run},{TsEvent}");

    public static SimulatedRow Parse(string line)
    {
        var parts = line.Split(',');
        return new(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], long.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}

namespace StockActors.Simulator.Facts;

/// <summary>One stylized fact of a sample.</summary>
/// <param name="Name">What was measured, and at which scale.</param>
/// <param name="Gate">Where it must lie; <c>null</c> for one that is only told.</param>
/// <param name="Estimate">What it is, over all days; <see cref="double.NaN"/> where it cannot be had.</param>
/// <param name="Low">The lower end of its 95 % interval; <see cref="double.NaN"/> with too few days.</param>
/// <param name="High">The upper end.</param>
public sealed record Fact(string Name, Gate? Gate, double Estimate, double Low, double High)
{
    /// <summary>How it stands to its gate.</summary>
    public Verdict Verdict => Gate switch
    {
        null => Verdict.Told,
        { } gate when !gate.Contains(Estimate) => Verdict.Fails,
        { } gate when gate.Contains(Low) && gate.Contains(High) => Verdict.Holds,
        _ => Verdict.Open,
    };
}

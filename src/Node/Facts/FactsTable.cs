using System.Globalization;
using Spectre.Console;
using StockActors.Simulator.Facts;

namespace StockActors.Node.Facts;

/// <summary>The stylized facts as a table, and as JSON.</summary>
internal static class FactsTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="control">What was measured of a random walk of as many days, which must fail.</param>
    public static void Write(TextWriter writer, FactsReport report, FactsReport control)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Fact (1-minute mid returns, continuous session)", "Gate", "");
        foreach (var heading in new[] { "Measured", "95 % interval", "Random walk" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var (fact, walk) in report.Facts.Zip(control.Facts))
        {
            table.AddRow([.. new[]
            {
                fact.Name,
                fact.Gate?.ToString() ?? "",
                fact.Verdict == Verdict.Told ? "" : fact.Verdict.ToString().ToLowerInvariant(),
                Figure(fact.Estimate),
                double.IsNaN(fact.Low) ? "" : $"{Figure(fact.Low)}…{Figure(fact.High)}",
                Figure(walk.Estimate) + (walk.Verdict == Verdict.Fails ? " fails" : ""),
            }.Select(text => new Text(text))]);
        }

        // As wide as it is: a table that is piped into a file has no terminal to fit.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        console.Write(table);
        writer.WriteLine(
            $"{report.SymbolDays:N0} days of symbols on {report.Days:N0} days. " + (report.Days < StylizedFacts.FewestDays
                ? $"For intervals, and so for a verdict, ask for {StylizedFacts.FewestDays} days or more."
                : "holds: the interval lies within the gate; open: it reaches out, more days would tell; fails: the estimate lies outside."));
    }

    /// <summary>What the JSON has: every figure that cannot be had is <c>null</c>, and so is a bound that a gate has not.</summary>
    public static object Json(FactsReport report, FactsReport control) => new
    {
        days = report.Days,
        symbolDays = report.SymbolDays,
        facts = report.Facts.Zip(control.Facts).Select(f => new
        {
            name = f.First.Name,
            gate = f.First.Gate is { } gate ? new { low = Finite(gate.Low), high = Finite(gate.High) } : null,
            verdict = f.First.Verdict.ToString().ToLowerInvariant(),
            estimate = Finite(f.First.Estimate),
            low = Finite(f.First.Low),
            high = Finite(f.First.High),
            randomWalk = Finite(f.Second.Estimate),
        }),
    };

    private static string Figure(double value) => double.IsNaN(value) ? "–" : value.ToString(Math.Abs(value) < 9.995 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 6) : null;
}

using ScottPlot;
using StockActors.Market;
using StockActors.Simulator.Facts;

namespace StockActors.Node.Facts;

/// <summary>The pictures of a simulation: a few days as they went, and the curves behind the stylized facts.</summary>
internal static class FactsPictures
{
    private const int Width = 1_000;
    private const int Height = 420;
    private const int MostDays = 4;

    /// <summary>Draws them into a directory, which is made where it is absent; a picture of the same name is replaced.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="report">The facts.</param>
    /// <param name="sample">What they are the facts of: the days with the most halts are drawn, else the first of each symbol.</param>
    /// <returns>The files, in the order in which they were drawn.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static IReadOnlyList<string> Draw(string directory, FactsReport report, FactsSample sample)
    {
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        foreach (var day in sample.All.OrderByDescending(Halts).ThenBy(d => d.Date).Take(MostDays))
        {
            var name = $"{day.Symbol}-{day.Date:yyyy-MM-dd}";
            Save(Price(day), $"price-{name}");
            Save(Depth(day), $"depth-{name}");
        }

        Save(ReturnAutocorrelation(report), "autocorrelation-returns");
        Save(Decay("Autocorrelation of absolute 1-minute returns, without the pattern of the day", "lag in minutes", report.AbsoluteReturns), "autocorrelation-absolute");
        Save(Decay("Autocorrelation of the signs of market orders", "lag in orders", report.Signs), "autocorrelation-signs");
        Save(Distribution(report), "return-distribution");
        return files;

        void Save(Plot plot, string name)
        {
            var file = Path.Combine(directory, name + ".png");
            File.WriteAllBytes(file, plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png));
            files.Add(file);
        }
    }

    private static int Halts(SymbolDay day) => day.States.Count(s => s.Status.Action == StatusAction.Halt);

    private static Plot Price(SymbolDay day)
    {
        var plot = PictureStyle.New($"{day.Symbol} on {day.Date:yyyy-MM-dd}: mid, auctions (yellow), halts (red)", "UTC", "price");
        Shade(plot, day);
        var mid = plot.Add.Scatter(Times(day), day.Mid, PictureStyle.Measured);
        mid.MarkerSize = 0;
        mid.LineWidth = 1.5f;
        foreach (var (time, price, _) in day.Auctions)
            plot.Add.Marker(Time(time), price, MarkerShape.FilledDiamond, 9, PictureStyle.Compared);
        Clock(plot);
        return plot;
    }

    private static Plot Depth(SymbolDay day)
    {
        var plot = PictureStyle.New($"{day.Symbol} on {day.Date:yyyy-MM-dd}: size at the best offer (above) and bid (below)", "UTC", "size");
        Shade(plot, day);
        var times = Times(day);
        Fill(day.AskSize, PictureStyle.Compared);
        Fill([.. day.BidSize.Select(s => -s)], PictureStyle.Measured);
        Clock(plot);
        return plot;

        void Fill(double[] sizes, Color color)
        {
            var line = plot.Add.Scatter(times, sizes, color);
            line.MarkerSize = 0;
            line.FillY = true;
            line.FillYValue = 0;
            line.FillYColor = color.WithAlpha(0.4);
        }
    }

    private static Plot ReturnAutocorrelation(FactsReport report)
    {
        var plot = PictureStyle.New("Autocorrelation of 1-minute returns (gates dashed)", "lag in minutes", "autocorrelation");
        foreach (var (lag, value) in report.Returns.Lags.Zip(report.Returns.Values))
            plot.Add.Line(lag, 0, lag, value).LineColor = PictureStyle.Measured;
        Points(plot, report.Returns.Lags.Zip(report.Returns.Values, (lag, value) => ((double)lag, value)));
        Gate(0.6, 1.4, -0.15);
        Gate(0.6, 1.4, 0.05);
        Gate(5, 30, -0.05);
        Gate(5, 30, 0.05);
        plot.Axes.SetLimitsY(-0.2, 0.1);
        return plot;

        void Gate(double from, double to, double at)
        {
            var line = plot.Add.Line(from, at, to, at);
            line.LineColor = PictureStyle.Compared;
            line.LinePattern = LinePattern.Dashed;
        }
    }

    // A power law is a straight line here, and what is not positive has no place.
    private static Plot Decay(string title, string lag, FactCurve curve)
    {
        var plot = PictureStyle.New(title, lag, "autocorrelation");
        var all = curve.Lags.Zip(curve.Values).Where(p => p.Second > 0).ToList();
        var points = all.Select(p => (X: Math.Log10(p.First), Y: Math.Log10(p.Second))).ToList();
        Points(plot, points);
        var fitted = points.Where((_, i) => curve.Fitted.Contains(all[i].First)).ToList();
        if (fitted.Count > 1)
        {
            var line = new ScottPlot.Statistics.LinearRegression([.. fitted.Select(p => p.X)], [.. fitted.Select(p => p.Y)]);
            var drawn = plot.Add.Line(fitted[0].X, line.GetValue(fitted[0].X), fitted[^1].X, line.GetValue(fitted[^1].X));
            drawn.LineColor = PictureStyle.Compared;
            drawn.LegendText = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lag^{line.Slope:0.00}");
            plot.ShowLegend(Alignment.UpperRight);
        }

        PictureStyle.LabelLogarithms(plot.Axes.Bottom, 0, 4);
        PictureStyle.LabelLogarithms(plot.Axes.Left, -5, 1);
        return plot;
    }

    private static Plot Distribution(FactsReport report)
    {
        const double width = 0.5;
        const int reach = 15;
        var plot = PictureStyle.New("1-minute returns over their standard deviation, beside a normal distribution", "standard deviations", "density");
        var counts = report.Standardized.GroupBy(r => Math.Round(r / width)).Where(g => Math.Abs(g.Key * width) <= reach).OrderBy(g => g.Key).ToList();
        Points(plot, counts.Select(g => (g.Key * width, Math.Log10(g.Count() / (report.Standardized.Count * width))))).LegendText = "simulated";
        var normal = plot.Add.Function(x => ((-x * x / 2) - Math.Log(Math.Sqrt(2 * Math.PI))) / Math.Log(10));
        normal.LineColor = PictureStyle.Compared;
        normal.LegendText = "normal";
        plot.Axes.SetLimits(-reach, reach, -6, 0.5);
        PictureStyle.LabelLogarithms(plot.Axes.Left, -6, 0);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Points(Plot plot, IEnumerable<(double X, double Y)> points)
    {
        var all = points.ToList();
        double[] x = [.. all.Select(p => p.X)];
        double[] y = [.. all.Select(p => p.Y)];
        return plot.Add.ScatterPoints(x, y, PictureStyle.Measured);
    }

    private static void Shade(Plot plot, SymbolDay day)
    {
        for (var i = 0; i + 1 < day.States.Count; i++)
        {
            var (time, status) = day.States[i];
            if (status.IsTrading == true || day.States[i + 1].Time <= time)
                continue;
            var span = plot.Add.HorizontalSpan(Time(time), Time(day.States[i + 1].Time));
            span.FillColor = status.Action == StatusAction.Auction ? PictureStyle.Auction : PictureStyle.Halt;
            span.LineWidth = 0;
        }
    }

    private static void Clock(Plot plot)
    {
        var ticks = new ScottPlot.TickGenerators.NumericAutomatic
        {
            LabelFormatter = hours => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)hours % 24:00}:{(int)Math.Round(hours * 60) % 60:00}"),
            IntegerTicksOnly = true,
        };
        plot.Axes.Bottom.TickGenerator = ticks;
    }

    private static double[] Times(SymbolDay day) =>
        [.. Enumerable.Range(1, day.Mid.Length).Select(minute => Time(day.Start + (minute * 60 * UnixNanos.PerSecond)))];

    private static double Time(long nanos) => UnixNanos.ToInstant(nanos).TimeOfDay.TotalHours;
}

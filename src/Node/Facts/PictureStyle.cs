using ScottPlot;

namespace StockActors.Node.Facts;

/// <summary>How pictures look, on any machine: with a font that comes along, because a server may have none.</summary>
internal static class PictureStyle
{
    private const string Font = "DejaVu Sans";

    static PictureStyle()
    {
        ScottPlot.Fonts.AddFontFile(Font, Path.Combine(AppContext.BaseDirectory, "DejaVuSans.ttf"));
        ScottPlot.Fonts.Default = Font;
    }

    /// <summary>The colour of what was measured.</summary>
    public static Color Measured { get; } = Color.FromHex("#1f5fa8");

    /// <summary>The colour of what it is compared with.</summary>
    public static Color Compared { get; } = Color.FromHex("#c2571a");

    /// <summary>The shade of an auction.</summary>
    public static Color Auction { get; } = Color.FromHex("#e8b83a").WithAlpha(0.3);

    /// <summary>The shade of a halt.</summary>
    public static Color Halt { get; } = Color.FromHex("#c23a3a").WithAlpha(0.3);

    /// <summary>An empty plot.</summary>
    public static Plot New(string title, string x, string y) => Dress(new Plot(), title, x, y);

    /// <summary>Gives a plot its font and texts.</summary>
    public static Plot Dress(Plot plot, string title, string x, string y)
    {
        plot.Font.Set(Font);
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        return plot;
    }

    /// <summary>Powers of ten, and what is twice and five times as much, where a plot shows logarithms.</summary>
    public static void LabelLogarithms(IAxis axis, int from, int to)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (var power = from; power <= to; power++)
        {
            foreach (var figure in new[] { 1, 2, 5 })
            {
                var value = figure * Math.Pow(10, power);
                ticks.AddMajor(Math.Log10(value), value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        axis.TickGenerator = ticks;
    }
}

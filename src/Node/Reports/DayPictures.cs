using System.Globalization;
using System.Text;
using System.Xml.Linq;
using StockActors.Market;

namespace StockActors.Node.Reports;

/// <summary>
/// The report's pictures, as SVG that the page's style colours: rising candles are hollow and falling ones are filled, so that no colour needs to be told
/// apart. All pictures of a day share one time axis.
/// </summary>
internal sealed class DayPictures
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(3), TimeSpan.FromHours(6),
    ];

    private const int Width = 720;
    private const int Left = 4;
    private const int Right = 640;
    private const int PriceTop = 8;
    private const int PriceBottom = 170;
    private const int VolumeTop = 182;
    private const int VolumeBottom = 230;
    private const int Height = 248;
    private const int MostLabels = 8;
    private const double BodyShare = 0.7;

    private readonly long _from;
    private readonly long _to;
    private readonly long _interval;

    /// <summary>Pictures of a day's trades.</summary>
    /// <param name="from">When the first interval begins, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="to">When the last one ends.</param>
    /// <param name="interval">Its length.</param>
    public DayPictures(long from, long to, TimeSpan interval) => (_from, _to, _interval) = (from, to, UnixNanos.Of(interval));

    /// <summary>A symbol's candles over its volume, with its halts behind them.</summary>
    public XElement Candles(string description, IReadOnlyList<Candle> candles, IEnumerable<Halt> halts)
    {
        var (low, high) = (candles.Min(c => c.Low), candles.Max(c => c.High));
        var margin = Math.Max((high - low) / 20, high == low ? Math.Max(Math.Abs(high) / 1000, 0.01m) : 0);
        (low, high) = (low - margin, high + margin);
        var (rising, falling) = (new StringBuilder(), new StringBuilder());
        foreach (var candle in candles)
            Append(candle.Close >= candle.Open ? rising : falling, candle, Y);
        return Picture(
            description, Height,
            halts.Select(halt => Box("halt", X(halt.From), PriceTop, X(halt.To ?? _to) - X(halt.From), VolumeBottom - PriceTop, $"halted {Clock(halt.From)}")),
            Levels(low, high, Y),
            Hours(VolumeBottom),
            Path("up", rising),
            Path("down", falling),
            Columns([.. candles.Select(candle => (candle.Start, candle.Volume))], VolumeTop, VolumeBottom));

        double Y(decimal price) => PriceBottom - ((double)((price - low) / (high - low)) * (PriceBottom - PriceTop));
    }

    /// <summary>The volume of all symbols.</summary>
    public XElement Volumes(string description, IReadOnlyList<VolumeOfInterval> volumes)
    {
        const int top = 8;
        const int bottom = 120;
        var most = volumes.Max(interval => interval.Volume);
        return Picture(
            description, bottom + 18,
            Level(most.ToString("N0", CultureInfo.InvariantCulture), top), Level("0", bottom), Hours(bottom), Columns([.. volumes.Select(v => (v.Start, v.Volume))], top, bottom));
    }

    private static XElement Picture(string description, int height, params object[] parts) => new(
        Svg + "svg",
        new XAttribute("viewBox", $"0 0 {Width} {height}"), new XAttribute("role", "img"), new XAttribute("aria-label", description), new XElement(Svg + "title", description), parts);

    private void Append(StringBuilder path, Candle candle, Func<decimal, double> y)
    {
        var (top, bottom) = (y(Math.Max(candle.Open, candle.Close)), y(Math.Min(candle.Open, candle.Close)));
        var body = X(candle.Start + _interval) - X(candle.Start);
        var (middle, width) = (X(candle.Start) + (body / 2), body * BodyShare);
        path.Append(CultureInfo.InvariantCulture, $"M{middle:0.#} {y(candle.High):0.#}V{top:0.#}M{middle:0.#} {bottom:0.#}V{y(candle.Low):0.#}");
        path.Append(CultureInfo.InvariantCulture, $"M{middle - (width / 2):0.#} {top:0.#}h{width:0.#}V{Math.Max(bottom, top + 0.5):0.#}h{-width:0.#}z");
    }

    private XElement Columns(IReadOnlyList<(long Start, long Volume)> volumes, int top, int bottom)
    {
        var most = Math.Max(1, volumes.Max(interval => interval.Volume));
        var path = new StringBuilder();
        foreach (var (start, volume) in volumes)
        {
            var width = X(start + _interval) - X(start);
            path.Append(
                CultureInfo.InvariantCulture,
                $"M{X(start) + (width * (1 - BodyShare) / 2):0.#} {bottom}V{bottom - ((double)volume / most * (bottom - top)):0.#}h{width * BodyShare:0.#}V{bottom}z");
        }

        return Path("volume", path);
    }

    private static IEnumerable<XElement> Levels(decimal low, decimal high, Func<decimal, double> y)
    {
        var step = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)(high - low))));
        step *= ((high - low) / step) switch { < 2 => 0.5m, < 5 => 1, _ => 2 };
        for (var level = Math.Ceiling(low / step) * step; level <= high; level += step)
            yield return Level(TickText.Figure(level), y(level));
    }

    private static XElement Level(string text, double y) => new(
        Svg + "g",
        new XElement(Svg + "path", new XAttribute("class", "grid"), new XAttribute("d", string.Create(CultureInfo.InvariantCulture, $"M{Left} {y:0.#}H{Right}"))),
        Label(text, Right + 6, y + 4, "start"));

    private IEnumerable<XElement> Hours(int bottom)
    {
        var step = Steps.Select(UnixNanos.Of).FirstOrDefault(step => (_to - _from) / step <= MostLabels, UnixNanos.PerDay);
        for (var at = _from + ((step - (_from % step)) % step); at <= _to; at += step)
            yield return Label(Clock(at)[..5], Math.Clamp(X(at), Left + 14, Right - 14), bottom + 14, "middle");
    }

    private static XElement Label(string text, double x, double y, string anchor) => new(
        Svg + "text",
        new XAttribute("x", x.ToString("0.#", CultureInfo.InvariantCulture)), new XAttribute("y", y.ToString("0.#", CultureInfo.InvariantCulture)), new XAttribute("text-anchor", anchor), text);

    private static XElement Box(string kind, double x, double y, double width, double height, string title) => new(
        Svg + "path",
        new XAttribute("class", kind),
        new XAttribute("d", string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}h{Math.Max(1, width):0.#}v{height:0.#}h{-Math.Max(1, width):0.#}z")),
        new XElement(Svg + "title", title));

    private static XElement Path(string kind, StringBuilder path) => new(Svg + "path", new XAttribute("class", kind), new XAttribute("d", path.ToString()));

    private double X(long time) => Left + ((double)(Math.Clamp(time, _from, _to) - _from) / (_to - _from) * (Right - Left));

    private static string Clock(long time) => UnixNanos.ToInstant(time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}

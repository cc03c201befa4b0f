using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using StockActors.Market;

namespace StockActors.Simulator.Scenarios;

/// <summary>Reads scenarios and checks them: what is wrong is told with the file, the field and what it may be.</summary>
public static class ScenarioFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The scenarios that are shipped.</summary>
    public static IReadOnlyList<string> Names { get; } = ["calm", "busy", "crisis"];

    /// <summary>A scenario that is shipped, by its name, or one in a file.</summary>
    /// <exception cref="ScenarioException">There is none, or it cannot be used; the message names the field.</exception>
    public static Scenario Open(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
            return Shipped(nameOrPath);
        try
        {
            return Read(File.ReadAllBytes(nameOrPath), nameOrPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"'{nameOrPath}' is none of the scenarios {string.Join(", ", Names)}, and no file that can be read: {e.Message}");
        }
    }

    /// <summary>Reads a scenario.</summary>
    /// <param name="json">JSON in UTF-8; comments and trailing commas are allowed.</param>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <exception cref="ScenarioException">It cannot be used; the message names the field.</exception>
    public static Scenario Read(ReadOnlySpan<byte> json, string source)
    {
        Scenario scenario;
        try
        {
            scenario = JsonSerializer.Deserialize<Scenario>(json.StartsWith("\uFEFF"u8) ? json[3..] : json, Options) ?? throw new ScenarioException($"{source}: it is null.");
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? $" (line {number + 1})" : "";
            throw new ScenarioException($"{source}: {Field(e.Path + (e.InnerException as JsonException)?.Path?.TrimStart('$'))}{line}: {Reason(e.Message)}");
        }

        if (Check(scenario, "").Concat(CheckNames(scenario)).FirstOrDefault() is { } wrong)
            throw new ScenarioException($"{source}: {wrong}.");
        return scenario with { Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(scenario))).AsSpan(0, 8)) };
    }

    /// <summary>A scenario as JSON on one line, which <see cref="Read"/> reads as the same.</summary>
    internal static string Write(Scenario scenario) => JsonSerializer.Serialize(scenario, Options);

    internal static Scenario Shipped(string name)
    {
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream($"{name}.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), name);
    }

    private static string Field(string? path) => path is null or "$" ? "the file" : path.TrimStart('$', '.');

    /// <summary>The reader's own words name types of this program, which no author of a scenario knows.</summary>
    private static string Reason(string message)
    {
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return "the value is of the wrong kind, or not one of those that are known.";
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"there is no field '{message.Split('\'')[1]}'.";
        return message.Contains("missing required properties", StringComparison.Ordinal)
            ? $"these fields are missing: {message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.')}."
            : message.Split(" Path:")[0];
    }

    private static IEnumerable<string> Check(object model, string path)
    {
        foreach (var property in model.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = path + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            var value = property.GetValue(model);
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
                yield return $"{name}: {Broken(rule, value)}";
            var inner = value switch
            {
                IDictionary named => named.Keys.Cast<string>().SelectMany(key => Check(named[key]!, $"{name}.{key}.")),
                IList list => list.Cast<object>().SelectMany((item, i) => item.GetType().Namespace == typeof(Scenario).Namespace ? Check(item, $"{name}[{i}].") : []),
                not null when value.GetType() is { IsEnum: false } type && type.Namespace == typeof(Scenario).Namespace => Check(value, name + "."),
                _ => [],
            };
            foreach (var wrong in inner)
                yield return wrong;
        }
    }

    private static string Broken(ValidationAttribute rule, object? value) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"must be from {range.Minimum} to {range.Maximum}, and is {value}"),
        LengthAttribute length => $"must have {length.MinimumLength} to {length.MaximumLength} entries",
        _ => $"{rule.ErrorMessage}, and is '{value}'",
    };

    private static IEnumerable<string> CheckNames(Scenario scenario)
    {
        var seen = new HashSet<string>();
        foreach (var (symbol, i) in scenario.Symbols.Select((symbol, i) => (symbol, i)))
        {
            if (!Symbol.IsValid(symbol.Symbol))
                yield return $"symbols[{i}].symbol: '{symbol.Symbol}' is no symbol: 1 to {Symbol.MaxLength} printable ASCII characters without spaces, quotes or slashes";
            if (!seen.Add(symbol.Symbol))
                yield return $"symbols[{i}].symbol: {symbol.Symbol} comes twice";
            foreach (var wrong in CheckPrices($"symbols[{i}].", symbol.TickSize, ("start_price", symbol.StartPrice)).Concat(Known(scenario, $"symbols[{i}].", [symbol.Volatility], [symbol.Traders])))
                yield return wrong;
        }

        if (scenario.More is { } more)
        {
            if (more.PriceFrom >= more.PriceTo)
                yield return $"more.price_to: must be above price_from, {more.PriceFrom}, and is {more.PriceTo}";
            foreach (var wrong in CheckPrices("more.", more.TickSize, ("price_from", more.PriceFrom), ("price_to", more.PriceTo)).Concat(Known(scenario, "more.", more.Volatility, more.Traders)))
                yield return wrong;
        }
        else if (scenario.Symbols.Count == 0)
        {
            yield return "symbols: there are none, and 'more' does not say how others are";
        }

        foreach (var (name, mix) in scenario.Traders)
        {
            if (mix.Arrivals.TimeScalesSeconds.Any(scale => scale is not (>= 0.001 and <= 36_000)))
                yield return $"traders.{name}.arrivals.time_scales_seconds: must each be from 0.001 to 36000";
            if (mix.Institutions.MinChildren > mix.Institutions.MaxChildren)
                yield return $"traders.{name}.institutions.max_children: must be at least min_children, {mix.Institutions.MinChildren}, and is {mix.Institutions.MaxChildren}";
            if (!(Share(mix.Noise.Count, mix.Noise.Share) || Share(mix.Value.Count, mix.Value.Share) || Share(mix.Momentum.Count, mix.Momentum.Share)
                || Share(mix.MarketMakers.Count, mix.MarketMakers.Share) || Share(mix.Institutions.Count, mix.Institutions.Share)))
            {
                yield return $"traders.{name}: nobody has a share of the actions";
            }
        }

        foreach (var (anomaly, i) in scenario.Anomalies.Select((anomaly, i) => (anomaly, i)))
        {
            if (anomaly.To < anomaly.From)
                yield return $"anomalies[{i}].to: must not be before from, {anomaly.From}, and is {anomaly.To}";
            if (anomaly.Kind == AnomalyKind.FeedGap ? anomaly.Lots != 0 : anomaly.Lots == 0)
                yield return $"anomalies[{i}].lots: {(anomaly.Kind == AnomalyKind.FeedGap ? "a feed-gap has none" : "must be 1 or more")}, and is {anomaly.Lots}";
            if (anomaly.Kind == AnomalyKind.FatFinger ? anomaly.Seconds != 0 : anomaly.Seconds == 0)
                yield return $"anomalies[{i}].seconds: {(anomaly.Kind == AnomalyKind.FatFinger ? "a fat-finger takes no time" : "must be above 0")}, and is {anomaly.Seconds}";
        }
    }

    private static bool Share(int count, double share) => count > 0 && share > 0;

    private static IEnumerable<string> CheckPrices(string path, TickSizes tickSize, params (string Name, decimal Price)[] prices)
    {
        // Prices mean nothing where the steps between them are wrong.
        if (CheckBands(path + "tick_size", tickSize.Bands).FirstOrDefault() is { } wrong)
        {
            yield return wrong;
            yield break;
        }

        foreach (var (name, price) in prices)
        {
            var band = tickSize.At(price);
            if (price % band.Step != 0)
                yield return $"{path}{name}: must be a multiple of tick_size{(band.From > 0 ? $" from {band.From} on" : "")}, {band.Step}, and is {price}";
        }
    }

    private static IEnumerable<string> CheckBands(string path, IReadOnlyList<TickSizeBand> bands)
    {
        if (bands.Count is < 1 or > TickSizes.MostBands)
            yield return $"{path}: must be a number or have 1 to {TickSizes.MostBands} bands";
        for (var i = 0; i < bands.Count; i++)
        {
            var (from, step) = (bands[i].From, bands[i].Step);
            var (ofFrom, ofStep) = ($"{path}[{i}].from", bands.Count == 1 ? path : $"{path}[{i}].step");
            if (step is < TickSizes.LeastStep or > TickSizes.LargestStep)
                yield return $"{ofStep}: must be from {TickSizes.LeastStep} to {TickSizes.LargestStep}, and is {step}";
            else if (step != decimal.Round(step, 9))
                yield return $"{ofStep}: must have nine decimals at most, and is {step}";
            else if (i == 0 && from != 0)
                yield return $"{ofFrom}: must be 0 in the first band, and is {from}";
            else if (i > 0 && (from <= bands[i - 1].From || from > Price.ToDecimal(Price.Max)))
                yield return $"{ofFrom}: must be above that of the band before, {bands[i - 1].From}, and at most {Price.Format(Price.Max)}, and is {from}";
            else if (i > 0 && (from % step != 0 || from % bands[i - 1].Step != 0))
                yield return $"{ofFrom}: must be a multiple of the steps on both sides, {bands[i - 1].Step} and {step}, and is {from}";
        }
    }

    private static IEnumerable<string> Known(Scenario scenario, string path, IReadOnlyList<string> volatility, IReadOnlyList<string> traders) =>
        volatility.Where(name => !scenario.Volatility.ContainsKey(name))
            .Select(name => $"{path}volatility: there is no class '{name}'; there are {string.Join(", ", scenario.Volatility.Keys)}")
            .Concat(traders.Where(name => !scenario.Traders.ContainsKey(name))
                .Select(name => $"{path}traders: there is no mix '{name}'; there are {string.Join(", ", scenario.Traders.Keys)}"));
}

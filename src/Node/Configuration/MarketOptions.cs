using System.ComponentModel.DataAnnotations;
using System.Globalization;
using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Node.Configuration;

/// <summary>Section <c>Market</c>: what is simulated.</summary>
public sealed class MarketOptions : IValidatableObject
{
    /// <summary>How many symbols.</summary>
    [Range(1, 100_000)]
    public int Symbols { get; set; } = 20;

    /// <summary>The scenario: one that is shipped, or a file.</summary>
    [Required]
    public string Scenario { get; set; } = "calm";

    /// <summary>The seed; the same seed gives the same ticks.</summary>
    [Range(0, long.MaxValue)]
    public long Seed { get; set; } = 1;

    /// <summary>What is told: 1 for trades, quotes and status, 3 for every change of every order beside them.</summary>
    [AllowedValues(1, 3, ErrorMessage = "{0} must be 1 (trades, quotes and status) or 3 (every order's changes too).")]
    public int Level { get; set; } = 1;

    /// <summary>Whether what is simulated, and what was really so in it, is told beside the ticks.</summary>
    public bool Truth { get; set; }

    /// <summary>The feeds beside the ticks.</summary>
    internal IReadOnlyList<TickFeed> Beside => [.. TickFeeds.Beside.Where(feed => feed == TickFeed.Orders ? Level == 3 : Truth)];

    /// <summary>How fast simulated time runs.</summary>
    public Speed Speed { get; set; } = new(60);

    /// <summary>The first exchange day, <c>2026-01-05</c>, or <c>today</c>.</summary>
    [Required]
    public string Start { get; set; } = "2026-01-05";

    /// <summary>The run's name; absent, it is made from the scenario, the symbols and the seed.</summary>
    [RegularExpression("^[a-zA-Z0-9._-]{1,64}$", ErrorMessage = "{0} must be 1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'.")]
    public string? Run { get; set; }

    /// <summary>The first exchange day.</summary>
    public TradingDay FirstDay(TimeProvider time, TradingCalendar calendar) => calendar.OnOrAfter(
        Start == "today" ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) : DateOnly.ParseExact(Start, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>The scenario's first symbols, as many as are wanted.</summary>
    /// <exception cref="SettingsException">There is no such scenario, or it cannot be used; the message names the field.</exception>
    public IReadOnlyList<MarketSpec> Markets()
    {
        try
        {
            return [.. ScenarioFile.Open(Scenario).Markets(Symbols).Select(market => market with { TellsOrders = Level == 3, TellsTruth = Truth })];
        }
        catch (ScenarioException e)
        {
            throw new SettingsException([$"Market:Scenario: {e.Message}"]);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Start != "today" && (!DateOnly.TryParseExact(Start, "yyyy-MM-dd", out var date) || date.Year is < 1970 or > 2200))
            yield return new ValidationResult($"Start must be a date such as 2026-01-05 (1970 to 2200), or today; it is '{Start}'.", [nameof(Start)]);
    }
}

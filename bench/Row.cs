using System.Globalization;
using System.Text.Json.Serialization;

namespace StockActors.Bench;

/// <summary>One figure beside its baseline.</summary>
/// <param name="Name">Which figure: the benchmark's name and what follows it, such as <c>wire.decode.json</c>.</param>
/// <param name="Value">The median of the rounds.</param>
/// <param name="Unit">The unit of <paramref name="Value"/> and <paramref name="Baseline"/>, such as <c>ticks/s</c>.</param>
/// <param name="Baseline">The baseline's median in the same process run; <c>null</c> where there is none.</param>
/// <param name="CpuSeconds">Processor time of all measured rounds of the value, in seconds.</param>
/// <param name="PeakMegabytes">The process's largest resident memory up to the row's end, in MB of 10⁶ bytes.</param>
/// <param name="AllocatedBytesPerItem">Managed memory allocated per item by the value's rounds.</param>
internal sealed record Row(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("baseline")] double? Baseline,
    [property: JsonPropertyName("cpu_s"), JsonPropertyOrder(1)] double CpuSeconds,
    [property: JsonPropertyName("peak_mb"), JsonPropertyOrder(1)] double PeakMegabytes,
    [property: JsonPropertyName("allocated_bytes_per_item"), JsonPropertyOrder(1)] double AllocatedBytesPerItem)
{
    /// <summary>Processor time of all measured rounds of the baseline, in seconds; <c>null</c> where there is none.</summary>
    [JsonPropertyName("baseline_cpu_s"), JsonPropertyOrder(1)]
    public double? BaselineCpuSeconds { get; init; }

    /// <summary>How many times the baseline the value is.</summary>
    [JsonPropertyName("ratio")]
    public double? Ratio => Baseline is > 0 and var baseline ? Value / baseline : null;

    /// <summary>The heading of the rows as text.</summary>
    public static string Heading => $"{"",-24}{"value",16}{"baseline",16}{"ratio",8}{"cpu s",8}{"base cpu",9}{"peak MB",9}{"bytes/item",12}";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-24}{Value,16:N0}{Baseline,16:N0}{Ratio,8:N2}{CpuSeconds,8:N2}{BaselineCpuSeconds,9:N2}{PeakMegabytes,9:N0}{AllocatedBytesPerItem,12:N1}  {Unit}");
}

using System.Text.Json.Serialization;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// What jobs keep in the lake: small letters first, no white space, members in the order they are declared in, so that equal values are equal bytes. A
/// member that is unknown means another version, and is an error.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlotEntry))]
[JsonSerializable(typeof(DerivedTable))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class JobsJson : JsonSerializerContext;

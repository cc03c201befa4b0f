using System.Text.Json.Serialization;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>
/// The lake's JSON objects: small letters first, no white space, members in the order they are declared in, so that equal values are equal
/// bytes; a member that is missing, null or unknown is an error, because it means another version.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OpenEntry))]
[JsonSerializable(typeof(EpochEntry))]
[JsonSerializable(typeof(MoveEntry))]
[JsonSerializable(typeof(SkipEntry))]
[JsonSerializable(typeof(ChainHint))]
[JsonSerializable(typeof(MovePlan))]
[JsonSerializable(typeof(LaneStopped))]
[JsonSerializable(typeof(DirectoryCatalogue.Content))]
[JsonSerializable(typeof(GlueCatalogue.Record))]
internal sealed partial class LakeJson : JsonSerializerContext;

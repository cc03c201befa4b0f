using StockActors.Aws;

namespace Amazon.Athena;

/// <summary>The configuration of an <see cref="AmazonAthenaClient"/>.</summary>
public sealed class AmazonAthenaConfig() : JsonServiceConfig("Athena", "athena", "AmazonAthena", "2017-05-18");

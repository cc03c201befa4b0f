using StockActors.Aws;

namespace Amazon.Glue;

/// <summary>The configuration of an <see cref="AmazonGlueClient"/>.</summary>
public sealed class AmazonGlueConfig() : JsonServiceConfig("Glue", "glue", "AWSGlue", "2017-03-31");

namespace StockActors.Market.Wire;

/// <summary>How a tick is written on the log. A reader tells the two apart by content.</summary>
public enum WireFormat
{
    /// <summary><c>ticks.proto</c>.</summary>
    Protobuf,

    /// <summary>JSON with the field names of <c>ticks.proto</c>.</summary>
    Json,
}

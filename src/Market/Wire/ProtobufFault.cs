namespace StockActors.Market.Wire;

/// <summary>What can be wrong with the bytes of a Protobuf message.</summary>
internal enum ProtobufFault : byte
{
    End,
    LongVarint,
    FieldZero,
    WireType,
    Group,
}

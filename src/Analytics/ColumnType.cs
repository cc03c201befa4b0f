using System.Numerics;

namespace StockActors.Analytics;

/// <summary>What the values of a result's column are: the same few for every engine. Any value may also be <c>null</c>.</summary>
public enum ColumnType
{
    /// <summary>
    /// A <see cref="string"/>; also whatever has no type of its own here, in the engine's own spelling (LIST, STRUCT, INTERVAL, TIME, BLOB …).
    /// </summary>
    Text,

    /// <summary>A <see cref="long"/>, for every integer type of up to 64 bits.</summary>
    Integer,

    /// <summary>A <see cref="BigInteger"/>, for wider ones, such as the sum of a BIGINT column in DuckDB.</summary>
    HugeInteger,

    /// <summary>A <see cref="decimal"/>, exact.</summary>
    Decimal,

    /// <summary>A <see cref="double"/>.</summary>
    Double,

    /// <summary>A <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A <see cref="DateTime"/> of kind <see cref="DateTimeKind.Utc"/>, to the microsecond or what the engine has.</summary>
    Timestamp,

    /// <summary>A <see cref="DateOnly"/>.</summary>
    Date,
}

using ParquetSharp;
using ParquetSharp.IO;

namespace StockActors.Sinks.Derived;

/// <summary>Rows of any columns as a Parquet file, such as the result of a query.</summary>
public static class DerivedRows
{
    private const int DecimalDigits = 29;
    private const int DecimalPlaces = 9;

    /// <summary>What a decimal number is in a derived table: all digits that <see cref="decimal"/> has, nine of them behind the point.</summary>
    public const string Decimal = "DECIMAL(29,9)";

    /// <summary>The largest number, on either side of zero, that such a column takes.</summary>
    public const decimal LargestDecimal = 79_228_162_514_264_337_593m;

    /// <summary>Writes rows.</summary>
    /// <param name="columns">
    /// Their names and SQL types: VARCHAR (<see cref="string"/>), BIGINT (<see cref="long"/>), <see cref="Decimal"/> (<see cref="decimal"/>), DOUBLE
    /// (<see cref="double"/>), BOOLEAN (<see cref="bool"/>), TIMESTAMP (<see cref="DateTime"/>, cut to the millisecond) or DATE (<see cref="DateOnly"/>).
    /// </param>
    /// <param name="rows">The rows, a value of its column's type or <c>null</c> for each column.</param>
    /// <returns>The file.</returns>
    public static byte[] Encode(IReadOnlyList<(string Name, string SqlType)> columns, IReadOnlyList<object?[]> rows)
    {
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Zstd).EnableStatistics().EnableWritePageIndex().Build();
        using var output = new BufferOutputStream();
        using (var file = new ParquetFileWriter(output, [.. columns.Select(column => Describe(column.Name, column.SqlType))], properties))
        {
            if (rows.Count > 0)
            {
                using var group = file.AppendRowGroup();
                for (var i = 0; i < columns.Count; i++)
                {
                    using var writer = group.NextColumn();
                    Write(writer, columns[i].SqlType, rows, i);
                }
            }

            file.Close();
        }

        using var content = output.Finish();
        return content.ToArray();
    }

    private static Column Describe(string name, string sqlType) => sqlType switch
    {
        "VARCHAR" => new Column<string?>(name),
        "BIGINT" => new Column<long?>(name),
        Decimal => new Column<decimal?>(name, LogicalType.Decimal(DecimalDigits, DecimalPlaces)),
        "DOUBLE" => new Column<double?>(name),
        "BOOLEAN" => new Column<bool?>(name),
        "TIMESTAMP" => new Column<DateTime?>(name, LogicalType.Timestamp(isAdjustedToUtc: false, TimeUnit.Millis)),
        "DATE" => new Column<DateOnly?>(name, LogicalType.Date()),
        _ => throw new ArgumentException($"column {name} has a type that derived tables do not have: {sqlType}", nameof(sqlType)),
    };

    private static void Write(ColumnWriter writer, string sqlType, IReadOnlyList<object?[]> rows, int column)
    {
        switch (sqlType)
        {
            case "VARCHAR":
                Write<string?>(writer, rows, column, value => (string?)value);
                break;
            case "BIGINT":
                Write<long?>(writer, rows, column, value => (long?)value);
                break;
            case Decimal:
                Write<decimal?>(writer, rows, column, value => value is decimal number ? decimal.Round(number, DecimalPlaces, MidpointRounding.ToEven) : null);
                break;
            case "DOUBLE":
                Write<double?>(writer, rows, column, value => (double?)value);
                break;
            case "BOOLEAN":
                Write<bool?>(writer, rows, column, value => (bool?)value);
                break;
            case "TIMESTAMP":
                Write<DateTime?>(writer, rows, column, value => value is DateTime time ? DateTime.SpecifyKind(Milliseconds(time), DateTimeKind.Unspecified) : null);
                break;
            default:
                Write<DateOnly?>(writer, rows, column, value => (DateOnly?)value);
                break;
        }
    }

    private static void Write<T>(ColumnWriter writer, IReadOnlyList<object?[]> rows, int column, Func<object?, T> take)
    {
        using var typed = writer.LogicalWriter<T>();
        typed.WriteBatch([.. rows.Select(row => take(row[column]))]);
    }

    // Towards the past, also before 1970, as the ticks' own ts is cut.
    private static DateTime Milliseconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}

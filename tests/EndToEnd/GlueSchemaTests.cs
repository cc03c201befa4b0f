using Amazon.Glue;
using ParquetSharp;
using StockActors.Market;
using StockActors.Sinks;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Storage;

namespace StockActors.EndToEnd;

/// <summary>What query engines see of a lake whose tables have got columns since its first files.</summary>
[Collection(LakeCollection.Name)]
public sealed class GlueSchemaTests(Stack stack)
{
    private const string Database = "evolving";

    /// <summary>The table of an older build: a few columns, and none of those that have come since.</summary>
    private static readonly LakeTable Older = new("trades", [("symbol", "VARCHAR"), ("ts_event", "BIGINT")], ["dt", "hour"]);

    [StackFact]
    public async Task Old_and_new_files_are_read_together_also_where_a_partition_is_older_than_the_column()
    {
        using var cloud = await Cloud.StartAsync(stack, "athena");
        using var s3 = cloud.Client();
        var store = new S3Store(s3, cloud.Bucket, "lake/", new AwsOptions(), TimeProvider.System);
        using var glue = new AmazonGlueClient(AwsCalls.Unrepeated(new AmazonGlueConfig
        {
            ServiceURL = stack.Variables["AWS_ENDPOINT_URL"],
            AuthenticationRegion = stack.Variables["AWS_REGION"],
            DefaultAWSCredentials = cloud.Credentials(),
        }));
        var (first, second) = (new TablePartition("trades", "dt=2026-01-05/hour=14"), new TablePartition("trades", "dt=2026-01-05/hour=15"));

        await Catalogue([Older]).EnsurePartitionAsync(first, default);
        await store.PutIfAbsentAsync("trades/dt=2026-01-05/hour=14/old.parquet", OldFile("OLD", 1), default);
        Assert.Equal([["OLD", "1", "14"]], await cloud.AthenaAsync(Database, "select symbol, ts_event, hour from trades"));

        await Catalogue(LakeTable.All).EnsurePartitionsAsync([first, second], default);
        await store.PutIfAbsentAsync("trades/dt=2026-01-05/hour=14/late.parquet", NewFile("LATE", 2), default);
        await store.PutIfAbsentAsync("trades/dt=2026-01-05/hour=15/new.parquet", NewFile("NEW", 3), default);

        Assert.Equal(
            [["OLD", "14", "", ""], ["LATE", "14", "7.500000000", "200"], ["NEW", "15", "7.500000000", "200"]],
            await cloud.AthenaAsync(Database, "select symbol, hour, price, size from trades order by ts_event"));
        Assert.Equal([["LATE"], ["NEW"]], await cloud.AthenaAsync(Database, "select symbol from trades where price > 7 order by 1"));
        Assert.Equal([["OLD"]], await cloud.AthenaAsync(Database, "select symbol from trades where price is null"));

        GlueCatalogue Catalogue(IReadOnlyList<LakeTable> tables) => new(glue, store, Database, Database, tables, new AwsOptions(), TimeProvider.System);
    }

    private static byte[] OldFile(string symbol, long tsEvent)
    {
        using var bytes = new MemoryStream();
        using (var file = new ParquetFileWriter(bytes, [new Column<string>("symbol"), new Column<long>("ts_event")]))
        {
            using var rows = file.AppendRowGroup();
            using (var symbols = rows.NextColumn().LogicalWriter<string>())
                symbols.WriteBatch([symbol]);
            using (var times = rows.NextColumn().LogicalWriter<long>())
                times.WriteBatch([tsEvent]);
            file.Close();
        }

        return bytes.ToArray();
    }

    private static byte[] NewFile(string symbol, long tsEvent)
    {
        var rows = TableColumns.Of(TickKind.Trade, new RowTexts());
        rows.Append(
            new Tick
            {
                Kind = TickKind.Trade,
                Source = TickSource.External,
                Symbol = symbol,
                RunId = "",
                TsEvent = tsEvent,
                Trade = new Trade(7_500_000_000, 200, Side.None, null, AgentClass.Unknown, AgentClass.Unknown),
            },
            offset: 0);
        return new ParquetEncoder().Encode(rows).Content;
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using Amazon.Athena;
using Amazon.Glue;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StockActors.Analytics;
using StockActors.Analytics.Tests;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Node;
using StockActors.Sinks;
using StockActors.Sinks.Storage;

namespace StockActors.EndToEnd;

/// <summary>The SQL library on both engines, over one lake on S3.</summary>
[Collection(LakeCollection.Name)]
public sealed class QueryLibraryTests(Stack stack)
{
    /// <summary>Ticks to which every query has an answer with rows, also with the parameters below.</summary>
    private const int Seed = 4;

    private const int TicksOfAMarket = 300;

    private static readonly DateOnly Day = new(2026, 1, 5);

    /// <summary>Other values than the defaults, wherever a query has such a parameter.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["symbol"] = "AAA,BRK.B,S001",
        ["from"] = "2026-01-05T14:20:00Z",
        ["to"] = "2026-01-05T19:00:00.5Z",
        ["interval"] = "15m",
        ["sample"] = "3m",
        ["horizon"] = "500ms",
        ["within"] = "30s",
        ["window"] = "3",
        ["buckets"] = "7",
        ["limit"] = "2",
        ["step"] = "0.35",
        ["deviation"] = "0.01",
        ["factor"] = "2.5",
        ["executed"] = "0.5",
        ["usual"] = "3",
        ["apart"] = "1h",
        ["episodes"] = "2",
        ["aggressor"] = "institution",
        ["at"] = "2026-01-06T02:00:00.123456789Z",
    };

    [StackFact]
    public async Task Every_query_of_the_library_answers_the_same_on_DuckDB_and_on_Athena()
    {
        using var cloud = await Cloud.StartAsync(stack, "athena");
        using var cli = new Cli(stack.Kafka, cloud.Environment);
        var topic = $"library-{Guid.NewGuid():N}"[..20];
        await ProduceAsync(topic);
        var ingest = await cli.RunAsync("ingest", "--topic", topic, "--lake", cloud.Lake("lake"), "--until-caught-up");
        Assert.True(ingest.Exit == 0, ingest.ToString());

        using var s3 = cloud.Client();
        using var glue = new AmazonGlueClient(Configured(new AmazonGlueConfig(), cloud));
        var store = new S3Store(s3, cloud.Bucket, "lake/", new AwsOptions(), TimeProvider.System);
        var lake = new Lake(cloud.Lake("lake"), store, new GlueCatalogue(glue, store, null, ingest.Database, Sinks.LakeTable.All, new AwsOptions(), TimeProvider.System));
        await using var duckDb = new DuckDbEngine(new CommittedTables(lake, new LakeCache(lake, Path.Combine(cli.Directory, "copies"), 1_000_000_000)));
        using var athena = new AthenaEngine(
            new AmazonAthenaClient(Configured(new AmazonAthenaConfig(), cloud)), new AthenaOptions { Database = ingest.Database, Output = cloud.Lake("results/") });

        var asked = QueryLibrary.Shipped.Queries
            .Select(query => (Query: query, Parameters: Others.Where(other => query.Parameters.Any(parameter => parameter.Name == other.Key)).ToDictionary()))
            .Concat(LongRun.IsOn ? QueryLibrary.Shipped.Queries.Select(query => (Query: query, Parameters: new Dictionary<string, string>())) : []);
        var rows = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (asking, _) =>
        {
            var (query, parameters) = asking;
            var (columns, found) = await AskAsync(duckDb, query, parameters);
            var (columnsOfAthena, foundByAthena) = await AskAsync(athena, query, parameters);
            Assert.Equal(columns, columnsOfAthena);
            var what = $"{query.Name} {string.Join(' ', parameters.Select(p => $"{p.Key}={p.Value}"))}";
            Assert.True(found.Count == foundByAthena.Count, $"{what}: {found.Count} rows by DuckDB, {foundByAthena.Count} by Athena");
            for (var i = 0; i < found.Count; i++)
                Assert.True(found[i].SequenceEqual(foundByAthena[i]), $"{what}, row {i}\nDuckDB: {string.Join(", ", found[i])}\nAthena: {string.Join(", ", foundByAthena[i])}");
            rows.AddOrUpdate(query.Name, found.Count, (_, count) => count + found.Count);
        });

        Assert.True(rows.Count >= 20);
        Assert.DoesNotContain(rows, query => query.Value == 0);
    }

    private static async Task<(List<QueryColumn> Columns, List<object?[]> Rows)> AskAsync(IQueryEngine engine, NamedQuery query, Dictionary<string, string> parameters)
    {
        await using var result = await engine.ExecuteAsync(query.Bind(engine.Dialect, parameters));
        var rows = new List<object?[]>();
        await foreach (var page in result.ReadPagesAsync())
            rows.AddRange(page);
        return ([.. result.Columns], rows);
    }

    private async Task ProduceAsync(string topic)
    {
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stack.Kafka }).Build())
            await admin.CreateTopicsAsync(new[] { TickFeed.Ticks, TickFeed.Truth }.Select(feed => new TopicSpecification { Name = TickFeeds.TopicOf(topic, feed), NumPartitions = 1 }));
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = stack.Kafka }).Build();
        var ticks = MarketTicks.Of(Seed, TicksOfAMarket, Day);
        foreach (var tick in ticks.Concat(MarketTicks.TruthsOf(ticks, Seed)))
        {
            var value = new ArrayBufferWriter<byte>();
            TickEncoder.Encode(tick, WireFormat.Protobuf, value);
            producer.Produce(TickFeeds.TopicOf(topic, TickFeeds.Of(tick.Kind)), new Message<string, byte[]> { Key = tick.Symbol, Value = value.WrittenSpan.ToArray() });
        }

        producer.Flush(TimeSpan.FromMinutes(1));
    }

    private T Configured<T>(T config, Cloud cloud)
        where T : Amazon.Runtime.ClientConfig
    {
        config.ServiceURL = stack.Variables["AWS_ENDPOINT_URL"];
        config.AuthenticationRegion = stack.Variables["AWS_REGION"];
        config.DefaultAWSCredentials = cloud.Credentials();
        return AwsCalls.Unrepeated(config);
    }
}

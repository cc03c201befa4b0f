using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using StockActors.Sinks.Storage;

namespace StockActors.EndToEnd;

/// <summary>The stack's S3, Glue and Athena as an operator has them: a bucket of the test's own, and the services' interfaces by hand.</summary>
public sealed class Cloud : IDisposable
{
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly HttpClient _http = new();

    private Cloud(IReadOnlyDictionary<string, string> variables) => _variables = variables;

    /// <summary>What a program needs in its environment to find the services.</summary>
    public Dictionary<string, string> Environment => _variables.Where(v => v.Key.StartsWith("AWS_", StringComparison.Ordinal)).ToDictionary();

    public string Bucket { get; } = $"e2e-{Guid.NewGuid():N}"[..20];

    public string S3 => _variables["AWS_ENDPOINT_URL_S3"];

    /// <summary>Starts S3 and Glue, and what else is asked for, where they do not run yet.</summary>
    public static async Task<Cloud> StartAsync(Stack stack, params string[] parts)
    {
        await Stack.RunAsync(["up", "s3", "aws", .. parts]);
        var cloud = new Cloud(stack.Variables);
        using var s3 = cloud.Client();
        await s3.PutBucketAsync(cloud.Bucket);
        return cloud;
    }

    /// <summary>A client of the stack's S3, or of what stands before it.</summary>
    public AmazonS3Client Client(string? url = null) => new(Credentials(), AwsCalls.Unrepeated(new AmazonS3Config
    {
        ServiceURL = url ?? S3,
        ForcePathStyle = true,
        AuthenticationRegion = _variables["AWS_REGION"],
    }));

    public BasicAWSCredentials Credentials() => new(_variables["AWS_ACCESS_KEY_ID"], _variables["AWS_SECRET_ACCESS_KEY"]);

    public string Lake(string name) => $"s3://{Bucket}/{name}";

    /// <summary>Calls an operation of Glue.</summary>
    public Task<JsonElement> GlueAsync(string operation, object request) => CallAsync("AWSGlue", operation, request);

    /// <summary>Calls an operation of Athena.</summary>
    public Task<JsonElement> AthenaCallAsync(string operation, object request) => CallAsync("AmazonAthena", operation, request);

    /// <summary>Runs a statement on Athena.</summary>
    /// <returns>The rows' fields as text, without the heading.</returns>
    public async Task<List<string[]>> AthenaAsync(string database, string sql)
    {
        var id = (await CallAsync("AmazonAthena", "StartQueryExecution", new
        {
            QueryString = sql,
            QueryExecutionContext = new { Database = database },
            ResultConfiguration = new { OutputLocation = $"s3://{Bucket}/athena/" },
        })).GetProperty("QueryExecutionId").GetString()!;
        while (true)
        {
            var status = (await CallAsync("AmazonAthena", "GetQueryExecution", new { QueryExecutionId = id })).GetProperty("QueryExecution").GetProperty("Status");
            switch (status.GetProperty("State").GetString())
            {
                case "SUCCEEDED":
                    var results = await CallAsync("AmazonAthena", "GetQueryResults", new { QueryExecutionId = id });
                    return [.. results.GetProperty("ResultSet").GetProperty("Rows").EnumerateArray().Skip(1).Select(Fields)];
                case "FAILED" or "CANCELLED":
                    throw new InvalidOperationException($"{sql}: {status}");
                default:
                    await Task.Delay(100);
                    break;
            }
        }
    }

    /// <summary>How many rows each table has, as Athena counts them: trades, quotes, status, bars.</summary>
    public async Task<long[]> CountAsync(string database) =>
    [
        .. Assert.Single(await AthenaAsync(database, "select (select count(*) from trades), (select count(*) from quotes), (select count(*) from status), (select count(*) from bars)"))
            .Select(long.Parse),
    ];

    /// <summary>Fetches what lies in a table's partitions, as the catalogue has them.</summary>
    /// <returns>The files.</returns>
    public async Task<IReadOnlyList<string>> DownloadAsync(string database, string table, string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        using var s3 = Client();
        var files = new List<string>();
        foreach (var location in await LocationsAsync(database, table))
        {
            var prefix = location[$"s3://{Bucket}/".Length..];
            await foreach (var found in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix }).S3Objects)
            {
                var file = Path.Combine(folder, found.Key.Replace('/', '_'));
                using var from = await s3.GetObjectAsync(Bucket, found.Key);
                await from.WriteResponseStreamToFileAsync(file, append: false, CancellationToken.None);
                files.Add(file);
            }
        }

        return files;
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<string>> LocationsAsync(string database, string table)
    {
        var locations = new List<string>();
        string? next = null;
        do
        {
            var page = await GlueAsync("GetPartitions", new { DatabaseName = database, TableName = table, NextToken = next });
            locations.AddRange(page.GetProperty("Partitions").EnumerateArray().Select(p => p.GetProperty("StorageDescriptor").GetProperty("Location").GetString()!));
            next = page.TryGetProperty("NextToken", out var token) ? token.GetString() : null;
        }
        while (next is not null);
        return locations;
    }

    private static string[] Fields(JsonElement row) =>
        [.. row.GetProperty("Data").EnumerateArray().Select(field => field.TryGetProperty("VarCharValue", out var value) ? value.GetString()! : "")];

    // The stack's Glue and Athena check no signatures.
    private async Task<JsonElement> CallAsync(string service, string operation, object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _variables["AWS_ENDPOINT_URL"])
        {
            Content = new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/x-amz-json-1.1"),
            Headers = { { "X-Amz-Target", $"{service}.{operation}" } },
        };
        using var response = await _http.SendAsync(message);
        var body = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.OK ? JsonDocument.Parse(body).RootElement : throw new InvalidOperationException($"{operation}: {body}");
    }
}

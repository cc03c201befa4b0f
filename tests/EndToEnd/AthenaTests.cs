using System.Globalization;
using Amazon.Athena;
using Amazon.Athena.Model;
using StockActors.Sinks.Storage;

namespace StockActors.EndToEnd;

/// <summary>The client of Athena on a service that speaks its protocol.</summary>
[Collection(LakeCollection.Name)]
public sealed class AthenaTests(Stack stack)
{
    [StackFact]
    public async Task A_query_is_begun_watched_read_page_by_page_and_stopped()
    {
        using var cloud = await Cloud.StartAsync(stack, "athena");
        using var athena = new AmazonAthenaClient(AwsCalls.Unrepeated(new AmazonAthenaConfig
        {
            ServiceURL = stack.Variables["AWS_ENDPOINT_URL"],
            AuthenticationRegion = stack.Variables["AWS_REGION"],
            DefaultAWSCredentials = cloud.Credentials(),
        }));

        var done = await EndedAsync(await StartAsync("select n, cast(null as varchar) missing, decimal '1.500000000' price from unnest(sequence(1, 2500)) t(n) order by n"));
        Assert.Equal((QueryExecutionState.SUCCEEDED, "DML"), (done.Status!.State, done.StatementType));
        Assert.StartsWith($"s3://{cloud.Bucket}/athena/", done.ResultConfiguration!.OutputLocation, StringComparison.Ordinal);
        var rows = new List<Row>();
        var pages = 0;
        GetQueryResultsResponse? page = null;
        do
        {
            page = await athena.GetQueryResultsAsync(new() { QueryExecutionId = done.QueryExecutionId, NextToken = page?.NextToken, MaxResults = 1000 });
            rows.AddRange(page.ResultSet!.Rows!);
            pages++;
        }
        while (page.NextToken is { Length: > 0 });
        Assert.Equal(3, pages);
        Assert.Equal(["n", "missing", "price"], page.ResultSet.ResultSetMetadata!.ColumnInfo!.Select(column => column.Name));
        Assert.Equal(["n", "missing", "price"], rows[0].Data!.Select(field => field.VarCharValue));
        Assert.Equal(Enumerable.Range(1, 2500), rows.Skip(1).Select(row => int.Parse(row.Data![0].VarCharValue!, CultureInfo.InvariantCulture)));
        Assert.All(rows.Skip(1), row => Assert.Equal((null, "1.500000000"), (row.Data![1].VarCharValue, row.Data[2].VarCharValue)));

        var refused = await EndedAsync(await StartAsync("select no_such_column from (values 1) t(n)"));
        Assert.Equal(QueryExecutionState.FAILED, refused.Status!.State);
        Assert.Contains("no_such_column", refused.Status.StateChangeReason, StringComparison.Ordinal);

        var endless = await StartAsync("select count(*) from unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10000)) b(y), unnest(sequence(1, 10000)) c(z) where x * y * z = 7");
        await athena.StopQueryExecutionAsync(new() { QueryExecutionId = endless });
        Assert.Equal(QueryExecutionState.CANCELLED, (await EndedAsync(endless)).Status!.State);

        await Assert.ThrowsAsync<InvalidRequestException>(() => athena.GetQueryExecutionAsync(new() { QueryExecutionId = Guid.NewGuid().ToString() }));

        async Task<string> StartAsync(string sql) => (await athena.StartQueryExecutionAsync(new()
        {
            QueryString = sql,
            ResultConfiguration = new() { OutputLocation = $"s3://{cloud.Bucket}/athena/" },
        })).QueryExecutionId!;

        async Task<QueryExecution> EndedAsync(string id)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (true)
            {
                var query = (await athena.GetQueryExecutionAsync(new() { QueryExecutionId = id }, limit.Token)).QueryExecution!;
                if (query.Status!.State is not (QueryExecutionState.QUEUED or QueryExecutionState.RUNNING))
                    return query;
                await Task.Delay(50, limit.Token);
            }
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Storage;
using static StockActors.Sinks.Tests.ScriptedService;

namespace StockActors.Sinks.Tests;

/// <summary>The store of objects on S3 against answers, and silences, as the service documents them.</summary>
public sealed class S3StoreTests : IDisposable
{
    private static readonly AwsOptions Prompt = new() { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(5) };
    private static readonly byte[] Content = [1, 2, 3];
    private static readonly string ETag = ETagOf(Content);

    private ScriptedService? _service;

    public void Dispose() => _service?.Dispose();

    public static TheoryData<string> Unknown { get; } = ["409", "500", "503", "cut", "time-out"];

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task A_conditional_put_without_a_clear_answer_is_unknown_and_is_not_repeated_unseen(string fault)
    {
        var never = new TaskCompletionSource<Answer>();
        var store = Store(
            _ => fault == "time-out" ? never.Task : Task.FromResult(Fault(fault)),
            Prompt with { AttemptTimeout = fault == "time-out" ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(30) });

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => store.PutIfAbsentAsync("x", Content, default));

        Assert.Equal("*", Assert.Single(_service!.Requests)["If-None-Match"]);
        never.SetResult(Answer.Cut);
    }

    [Fact]
    public async Task Conditions_that_do_not_hold_are_answers()
    {
        var store = Store(request => request["If-Match"] == "\"gone\"" ? Answer.Xml(404, "NoSuchKey") : Answer.Xml(412, "PreconditionFailed"));
        Assert.False(await store.PutIfAbsentAsync("x", Content, default));
        Assert.False(await store.ReplaceAsync("x", "\"other\"", Content, default));
        Assert.False(await store.ReplaceAsync("x", "\"gone\"", Content, default));
    }

    [Fact]
    public async Task A_read_that_is_throttled_fails_or_breaks_off_is_repeated()
    {
        var faults = new Queue<Answer>(
        [
            Answer.Xml(503, "SlowDown"), Answer.Xml(500, "InternalError"), Answer.Cut, new Answer(200, [1, 2], Missing: 1), new Answer(200, [1, 2, 4], new() { ["ETag"] = ETag }),
        ]);
        var store = Store(_ => faults.TryDequeue(out var fault) ? fault : new Answer(200, Content, new() { ["ETag"] = ETag }));

        var read = await store.GetAsync("x", default);

        Assert.Equal((ETag, 6), (read!.ETag, _service!.Requests.Count));
        Assert.Equal(Content, read.Content);
    }

    [Theory]
    [InlineData(404, "NoSuchBucket", "create-bucket")]
    [InlineData(403, "AccessDenied", "s3:PutObject")]
    [InlineData(403, "ExpiredToken", "renew")]
    [InlineData(403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID")]
    public async Task What_does_not_pass_is_told_at_once_with_bucket_key_and_remedy(int status, string code, string remedy)
    {
        var store = Store(_ => Answer.Xml(status, code));
        foreach (var call in new Func<Task>[]
        {
            () => store.PutIfAbsentAsync("x/y", Content, default), () => store.ReplaceAsync("x/y", "e", Content, default), () => store.GetAsync("x/y", default),
            () => store.PutAsync("x/y", Content, default), () => store.DeleteAsync("x/y", default), () => store.ListAsync("x/y", default).ToListAsync().AsTask(),
        })
        {
            var error = await Assert.ThrowsAsync<LakeException>(call);
            Assert.Contains("s3://bucket/lake/x/y", error.Message, StringComparison.Ordinal);
            Assert.Contains(code, error.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(6, _service!.Requests.Count);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_found_to_be_won_and_anothers_to_be_lost()
    {
        var objects = new Dictionary<string, byte[]>();
        var losing = true;
        var store = Store(request =>
        {
            if (request.Method == "GET")
                return new Answer(200, objects[request.Path], new() { ["ETag"] = ETagOf(objects[request.Path]) });
            if (!objects.TryAdd(request.Path, Payload(request)))
                return Answer.Xml(412, "PreconditionFailed");

            // It is done, and its client never learns so.
            return losing ? Answer.Cut : new Answer(200, [], new() { ["ETag"] = ETag });
        });
        var chain = new LaneChain(store, "0123456789abcdef0123456789abcdef", 0);
        var (mine, others) = (Entry("mine"), Entry("others"));
        var known = new UntilKnown(TimeSpan.Zero, TimeProvider.System);

        Assert.Same(mine, await chain.ClaimAsync(mine, known, default));
        losing = false;
        Assert.Equal("mine", (await chain.ClaimAsync(others, known, default)).Claim);
        Assert.Equal(3, _service!.Requests.Count(r => r.Method == "PUT"));

        static OpenEntry Entry(string claim) => new(0, "ticks", 0, 5, 5, claim, DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [InlineData("part")]
    [InlineData("complete")]
    [InlineData("complete, after 200")]
    public async Task An_object_in_parts_that_is_not_completed_is_aborted(string failing)
    {
        var store = Store(
            request => (request.Method, request.Path) switch
            {
                ("HEAD", _) => new Answer(404, []),
                ("POST", var path) when path.Contains("uploads", StringComparison.Ordinal) => Answer.Of(
                    200, "<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>lake/x</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
                ("PUT", var path) when path.Contains("partNumber=2", StringComparison.Ordinal) && failing == "part" => Answer.Xml(403, "AccessDenied"),
                ("PUT", _) => new Answer(200, [], new() { ["ETag"] = "\"p\"" }),
                ("POST", _) => Answer.Xml(failing == "complete" ? 500 : 200, "InternalError"),
                ("DELETE", _) => new Answer(204, []),
                _ => Answer.Xml(400, "InvalidRequest"),
            },
            Prompt with { MultipartBytes = 10, PartBytes = 8 });

        var error = await Record.ExceptionAsync(() => store.PutIfAbsentAsync("x", new byte[20], default));

        Assert.IsType(failing == "part" ? typeof(LakeException) : typeof(OutcomeUnknownException), error);
        var abort = Assert.Single(_service!.Requests, r => r.Method == "DELETE");
        Assert.Contains("uploadId=u1", abort.Path, StringComparison.Ordinal);
        if (failing != "part")
            Assert.Equal("*", Assert.Single(_service.Requests, r => r.Method == "POST" && r.Path.Contains("uploadId", StringComparison.Ordinal))["If-None-Match"]);
    }

    [Fact]
    public async Task A_service_that_fails_is_told_while_it_is_asked_again_and_answers()
    {
        var told = new TaskCompletionSource<string>();
        var again = new TaskCompletionSource<string>();
        var store = Store(
            _ => told.Task.IsCompleted ? new Answer(200, Content, new() { ["ETag"] = ETag }) : Answer.Xml(503, "SlowDown"),
            Prompt with
            {
                TellAfter = TimeSpan.FromMilliseconds(50),
                Address = "here",
                Told = text => (text.Contains("again, after", StringComparison.Ordinal) ? again : told).TrySetResult(text),
            });

        await store.GetAsync("x", default);

        Assert.Contains("S3 at here is waited for", await told.Task, StringComparison.Ordinal);
        Assert.Contains("SlowDown", await told.Task, StringComparison.Ordinal);
        Assert.Contains("answers again", await again.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_are_allowed()
    {
        var (underWay, most) = (0, 0);
        var gate = new Lock();
        var (reached, more) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = Store(
            async _ =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++underWay);
                    if (most == 3)
                        reached.TrySetResult();
                }

                await more.Task;
                lock (gate)
                    underWay--;
                return new Answer(200, Content, new() { ["ETag"] = ETag });
            },
            Prompt with { Concurrency = 3 });
        var reads = Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.GetAsync($"{i}", default)));
        await reached.Task;
        more.SetResult();
        await reads;
        Assert.Equal(3, most);
    }

    private S3Store Store(Func<Request, Answer> answer, AwsOptions? options = null) => Store(request => Task.FromResult(answer(request)), options);

    private S3Store Store(Func<Request, Task<Answer>> answer, AwsOptions? options = null)
    {
        _service = new ScriptedService(answer);
        var s3 = new AmazonS3Client(
            new BasicAWSCredentials("key", "secret"),
            AwsCalls.Unrepeated(new AmazonS3Config { ServiceURL = _service.Url, ForcePathStyle = true, AuthenticationRegion = "eu-west-1" }));
        return new S3Store(s3, "bucket", "lake/", options ?? Prompt, TimeProvider.System);
    }

    /// <summary>As S3 makes it of an object in one piece; the SDK checks what it reads by it.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "S3's own choice")]
    private static string ETagOf(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    private static Answer Fault(string fault) => fault switch
    {
        "409" => Answer.Xml(409, "ConditionalRequestConflict"),
        "500" => Answer.Xml(500, "InternalError"),
        "503" => Answer.Xml(503, "SlowDown"),
        _ => Answer.Cut,
    };

    /// <summary>What was sent in chunks with their checksums between them, as the SDK does.</summary>
    private static byte[] Payload(Request request)
    {
        if (request["x-amz-decoded-content-length"] is null)
            return request.Body;
        var text = Encoding.Latin1.GetString(request.Body);
        var start = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        return Encoding.Latin1.GetBytes(text.Substring(start, int.Parse(request["x-amz-decoded-content-length"]!)));
    }
}

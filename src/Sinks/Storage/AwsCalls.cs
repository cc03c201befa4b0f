using System.Net;
using Amazon.Runtime;

namespace StockActors.Sinks.Storage;

/// <summary>
/// How this process calls a service of AWS: so many requests at a time, each given so long to be answered, and those that may be repeated are, with
/// exponential waits and full jitter, within a deadline. The SDK's own repeats are off: they would hide that an outcome is unknown.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="options">Its limits.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsCalls(string service, AwsOptions options, TimeProvider time)
{
    private readonly SemaphoreSlim _slots = new(options.Concurrency);
    private readonly Patience _patience = new(service, options, time);
    private volatile bool _hasAnswered;

    /// <summary>A configuration of a client that repeats nothing by itself, not even where a connection turns out to have been closed.</summary>
    public static T Unrepeated<T>(T config)
        where T : ClientConfig
    {
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        return config;
    }

    /// <summary>Where a client that is configured so finds its service: a URL, or a region of AWS.</summary>
    public static string AddressOf(ClientConfig config) => config.ServiceURL is { Length: > 0 } url ? url.TrimEnd('/') : $"{config.RegionEndpoint?.SystemName}";

    /// <summary>Calls once.</summary>
    /// <param name="what">What it is about: a URI, or a table.</param>
    /// <param name="call">The call.</param>
    /// <param name="isAnswer">Errors of the service that its caller asked for; they are thrown as they are.</param>
    /// <param name="cancellation">Gives up; the call may have had its effect or not.</param>
    /// <exception cref="OutcomeUnknownException">It may have had its effect or not.</exception>
    /// <exception cref="LakeException">It is of no use to repeat it; the message says why and what to do.</exception>
    public async Task<T> OnceAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, Func<AmazonServiceException, bool> isAnswer, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        _patience.Begin();
        try
        {
            using var limit = new CancellationTokenSource(options.AttemptTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            var answer = await call(either.Token);
            _hasAnswered = true;
            _patience.Answered();
            return answer;
        }
        catch (AmazonServiceException e) when (isAnswer(e))
        {
            _hasAnswered = true;
            _patience.Answered();
            throw;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var silence = $"{service} has not answered within {options.AttemptTimeout.TotalSeconds:0} s.";
            _patience.Failed(silence);
            throw new OutcomeUnknownException(silence);
        }
        catch (Exception e) when (MayPass(e))
        {
            _patience.Failed(Describe(e));
            throw new OutcomeUnknownException($"{service} answers: {Describe(e)}", e);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException)
        {
            _patience.Answered();
            throw new LakeException($"{what}: {service} answers: {Describe(e)} {Remedy(e)}", e);
        }
        catch
        {
            _patience.GivenUp();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="what">What it is about: a URI, or a table.</param>
    /// <param name="call">The call; that it has its effect more than once must be the same as once.</param>
    /// <param name="isAnswer">Errors of the service that its caller asked for; they are thrown as they are.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LakeException">There was none by the deadline, or it is of no use to repeat it; the message says why and what to do.</exception>
    public async Task<T> RepeatAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, Func<AmazonServiceException, bool> isAnswer, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var most = options.FirstWait; ; most = most * 2 < options.LongestWait ? most * 2 : options.LongestWait)
        {
            try
            {
                return await OnceAsync(what, call, isAnswer, cancellation);
            }
            catch (OutcomeUnknownException e)
            {
                var wait = Random.Shared.NextDouble() * most;
                var deadline = _hasAnswered ? options.Deadline : options.FirstDeadline;
                if (time.GetElapsedTime(started) + wait > deadline)
                {
                    throw new LakeException(
                        $"{what}: {e.Message} It was asked again and again for {deadline.TotalSeconds:0} s. "
                        + $"Check that {service} is up and can be reached from here; nothing is lost, start again when it is.",
                        e);
                }

                SinksMetrics.Repeated(service);
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    /// <summary>Whether the same call may succeed a moment later.</summary>
    private static bool MayPass(Exception e) => e switch
    {
        HttpRequestException or IOException or TimeoutException => true,
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented } => true,
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict } => true,
        // S3 says some errors in the body of a 200, and Glue all of its own in one of 400.
        AmazonServiceException { ErrorCode: { Length: > 0 } code } => code.StartsWith("Throttl", StringComparison.Ordinal)
            || code is "SlowDown" or "RequestTimeout" or "RequestLimitExceeded" or "TooManyRequestsException" or "InternalError" or "InternalFailure"
                or "ServiceUnavailable" or "InternalServiceException" or "OperationTimeoutException",
        AmazonServiceException { InnerException: { } cause } => MayPass(cause),
        AmazonClientException { InnerException: { } cause } => MayPass(cause),

        // What came is not what was sent; the SDK has no type for it.
        AmazonClientException client => client.Message.Contains("hash", StringComparison.OrdinalIgnoreCase)
            || client.Message.Contains("checksum", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static string Describe(Exception e)
    {
        // The SDK lists on further lines what else it tried.
        var message = e.Message.Split('\n')[0].TrimEnd().TrimEnd(':');
        if (e is AmazonServiceException { ErrorCode: { Length: > 0 } code } && !message.Contains(code, StringComparison.Ordinal))
            message = $"{code}: {message}";
        return message.EndsWith('.') ? message : message + ".";
    }

    private static string Remedy(Exception e) => e is not AmazonServiceException named
        ? "Configure credentials and a region as for any program of AWS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role; AWS_REGION."
        : named.ErrorCode switch
        {
            "NoSuchBucket" => "Create the bucket in the configured region (aws s3api create-bucket), or name another lake; a lake does not create its bucket.",
            "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" or "TokenRefreshRequired" => "The credentials have expired: renew them and start again.",
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "InvalidClientTokenId" or "UnrecognizedClientException" or "InvalidSignatureException"
                => "The credentials are not accepted: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile.",
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => "The bucket is in another region: set AWS_REGION to it.",
            _ when named.StatusCode == HttpStatusCode.Forbidden || named.ErrorCode is "AccessDenied" or "AccessDeniedException" =>
                "Give these credentials s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on the lake, and glue's calls on its database.",
            _ => "",
        };
}

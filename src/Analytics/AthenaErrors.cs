using System.Net;
using Amazon.Athena.Model;
using Amazon.Runtime;

namespace StockActors.Analytics;

/// <summary>What Athena answers when it does not do what it was asked, as errors that say what to do.</summary>
internal sealed class AthenaErrors(AthenaOptions options)
{
    private const int UsersFault = 2;

    /// <summary>Asks the service.</summary>
    /// <exception cref="QueryException">It refuses, or can't be asked.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonServiceException e) when (e.ErrorCode is { Length: > 0 } code)
        {
            var (error, remedy) = KindOf(e, code);
            throw new QueryException(Sentence($"Athena answers: {code}: {e.Message}", remedy), e, error);
        }
        catch (AmazonServiceException e) when (e.StatusCode >= HttpStatusCode.InternalServerError)
        {
            throw new QueryException(Sentence($"Athena at {options.Address} answers with status {(int)e.StatusCode}", "Ask again later."), e, QueryError.Engine);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or AmazonServiceException || e.InnerException is HttpRequestException or TimeoutException)
        {
            throw new QueryException(
                Sentence($"Athena at {options.Address} can't be reached: {First(e)}", "Check that it is up, AWS_ENDPOINT_URL_ATHENA and AWS_REGION."), e, QueryError.Unreachable);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw new QueryException($"Athena at {options.Address} has not answered in time. Ask again later, or check AWS_ENDPOINT_URL_ATHENA and AWS_REGION.", e, QueryError.Unreachable);
        }
        catch (AmazonClientException e)
        {
            throw new QueryException(
                Sentence(
                    $"Athena can't be asked: {First(e)}",
                    "Configure credentials and a region as for any program of AWS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role; AWS_REGION."),
                e,
                QueryError.Credentials);
        }
    }

    /// <summary>Whether a query has ended because it would have read more than its workgroup allows.</summary>
    public static bool IsScanLimit(QueryExecution query) => query.Status?.StateChangeReason is { } reason
        && (reason.Contains("Bytes scanned limit was exceeded", StringComparison.OrdinalIgnoreCase) || reason.Contains("EXCEEDED_SCAN_LIMIT", StringComparison.Ordinal));

    /// <summary>The error of a query that has failed or was stopped.</summary>
    /// <param name="query">The query.</param>
    /// <param name="limit">How many bytes its workgroup lets it read, where that is why.</param>
    public QueryException Of(QueryExecution query, long? limit)
    {
        var status = query.Status!;
        var workGroup = query.WorkGroup ?? options.WorkGroup;
        if (IsScanLimit(query))
        {
            return new QueryException(
                $"Athena has stopped query {query.QueryExecutionId}: it would have read more than the {(limit is { } bytes ? $"{bytes:N0} bytes that " : "")}workgroup {workGroup} allows a query. "
                + "Filter on dt and hour, so that it reads fewer partitions, or raise the workgroup's limit (Analytics:WorkGroup names another).",
                error: QueryError.Limit);
        }

        var reason = status.StateChangeReason is { Length: > 0 } change ? change : status.AthenaError?.ErrorMessage;
        if (status.State == Amazon.Athena.QueryExecutionState.CANCELLED)
            return new QueryException(Sentence($"Athena, query {query.QueryExecutionId} in {options.Database}: it was stopped at the service{(reason is null ? "" : ": " + reason)}"), error: QueryError.Engine);
        var isUsers = status.AthenaError is not { ErrorCategory: not UsersFault };
        return new QueryException(
            $"Athena, query {query.QueryExecutionId} in {options.Database}: {Sentence(reason ?? "it has failed", status.AthenaError?.Retryable == true ? "Ask again: it may succeed." : "")}",
            error: isUsers ? QueryError.Query : QueryError.Engine);
    }

    private static (QueryError Error, string Remedy) KindOf(AmazonServiceException e, string code) => code switch
    {
        "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" or "TokenRefreshRequired" => (QueryError.Credentials, "The credentials have expired: renew them and ask again."),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "InvalidClientTokenId" or "UnrecognizedClientException" or "InvalidSignatureException"
            or "IncompleteSignature" or "IncompleteSignatureException" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException"
            => (QueryError.Credentials, "The credentials are not accepted: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile."),
        "TooManyRequestsException" => (QueryError.Busy, "As many queries run and wait there as this account may have: ask again later."),
        _ when code.StartsWith("Throttl", StringComparison.Ordinal) => (QueryError.Busy, "More was asked than the service answers at a time: ask again later."),
        _ when e.StatusCode == HttpStatusCode.Forbidden || code is "AccessDenied" or "AccessDeniedException" => (
            QueryError.Credentials,
            "Give these credentials athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution on the workgroup, glue's reading calls on the database, and S3 on lake and results."),
        "InvalidRequestException" when e.Message.Contains("WorkGroup", StringComparison.OrdinalIgnoreCase) => (QueryError.Query, "Analytics:WorkGroup names the one to use."),
        "InvalidRequestException" or "ResourceNotFoundException" => (QueryError.Query, ""),
        _ => (QueryError.Engine, e.StatusCode >= HttpStatusCode.InternalServerError || code is "InternalServerException" or "MetadataException" ? "Ask again later." : ""),
    };

    // The SDK lists on further lines what else it tried.
    private static string First(Exception e) => (e is AmazonServiceException { InnerException: { } cause } ? cause : e).Message.Split('\n')[0].Trim().TrimEnd(':');

    private static string Sentence(string what, string remedy = "") => $"{what}{(what.EndsWith('.') ? "" : ".")}{(remedy.Length > 0 ? " " + remedy : "")}";
}

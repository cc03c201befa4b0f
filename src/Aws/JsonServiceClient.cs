using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace StockActors.Aws;

/// <summary>
/// A client of a service that speaks JSON 1.1, over the SDK's core: its credentials, region, endpoints, signing and exceptions. What the SDK generates for
/// each operation of such a service is the same in all of them; here it is written once.
/// </summary>
/// <param name="config">The service's names, and where it is.</param>
public abstract class JsonServiceClient(JsonServiceConfig config) : AmazonServiceClient(config)
{
    private readonly JsonMarshaller _marshaller = new(config.TargetPrefix);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new JsonEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new SigV4Handler());
    }

    /// <summary>Calls the operation that a request is named after.</summary>
    /// <exception cref="AmazonServiceException">The service's own, where it has named its error; the SDK's otherwise.</exception>
    protected Task<TResponse> CallAsync<TResponse>(AmazonWebServiceRequest request, CancellationToken cancellation)
        where TResponse : AmazonWebServiceResponse, new() => InvokeAsync<TResponse>(
        request,
        new InvokeOptions { RequestMarshaller = _marshaller, ResponseUnmarshaller = new Unmarshaller<TResponse>(this) },
        cancellation);

    /// <summary>The service's exception of an error that it has named.</summary>
    protected abstract AmazonServiceException ExceptionOf(ErrorResponse error);

    private sealed class Unmarshaller<TResponse>(JsonServiceClient client) : JsonResponseUnmarshaller
        where TResponse : AmazonWebServiceResponse, new()
    {
        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context) =>
            JsonSerializer.Deserialize<TResponse>(context.Stream, JsonMarshaller.Options) ?? new TResponse();

        public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, System.Net.HttpStatusCode statusCode)
        {
            var reader = new Amazon.Runtime.Internal.Util.StreamingUtf8JsonReader(context.Stream);
            var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
            error.InnerException = innerException;
            error.StatusCode = statusCode;
            return client.ExceptionOf(error);
        }
    }
}

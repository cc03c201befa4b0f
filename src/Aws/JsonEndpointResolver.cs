using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace StockActors.Aws;

/// <summary>Asks the client's configuration where the service is; a service that speaks JSON 1.1 has one address for all its operations.</summary>
internal sealed class JsonEndpointResolver : BaseEndpointResolver
{
    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => new();
}

using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace StockActors.Aws;

/// <summary>
/// The configuration of a client of a service that speaks JSON 1.1. Where it is not set here, the service's address is <c>AWS_ENDPOINT_URL_SERVICE</c> or
/// <c>AWS_ENDPOINT_URL</c>, else follows from the region.
/// </summary>
public abstract class JsonServiceConfig : ClientConfig, IEndpointProvider
{
    /// <param name="serviceId">The name that environment variables and profiles call the service by.</param>
    /// <param name="endpointPrefix">Its name in host names and signatures.</param>
    /// <param name="targetPrefix">Its name in the header that says the operation.</param>
    /// <param name="serviceVersion">The version of its interface, a date.</param>
    protected JsonServiceConfig(string serviceId, string endpointPrefix, string targetPrefix, string serviceVersion)
        : base(new DefaultConfigurationProvider([new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard }]))
    {
        ServiceId = serviceId;
        AuthenticationServiceName = endpointPrefix;
        RegionEndpointServiceName = endpointPrefix;
        TargetPrefix = targetPrefix;
        ServiceVersion = serviceVersion;
        EndpointProvider = this;
    }

    /// <inheritdoc/>
    public override string RegionEndpointServiceName { get; }

    /// <inheritdoc/>
    public override string ServiceVersion { get; }

    /// <inheritdoc/>
    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("4.0");

    internal string TargetPrefix { get; }

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => ResolveEndpoint(new EndpointParameters());

    /// <inheritdoc/>
    /// <exception cref="AmazonClientException">No region is configured.</exception>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (ServiceURL is { Length: > 0 } url)
            return new Endpoint(url);
        var region = RegionEndpoint
            ?? throw new AmazonClientException($"No region is configured for {ServiceId}. Set AWS_REGION, or a region in the profile.");
        return new Endpoint($"https://{RegionEndpointServiceName}{(UseFIPSEndpoint ? "-fips" : "")}.{region.SystemName}.{region.PartitionDnsSuffix}");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace StockActors.Aws;

/// <summary>Writes a request as JSON 1.1 has it: one resource, the operation in a header, the request's members under their own names.</summary>
/// <param name="targetPrefix">The service's name in that header.</param>
internal sealed class JsonMarshaller(string targetPrefix) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    private const string Suffix = "Request";

    internal static JsonSerializerOptions Options { get; } = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var type = input.GetType();
        return new DefaultRequest(input, targetPrefix)
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            Content = JsonSerializer.SerializeToUtf8Bytes(input, type, Options),
            Headers = { ["Content-Type"] = "application/x-amz-json-1.1", ["X-Amz-Target"] = $"{targetPrefix}.{type.Name[..^Suffix.Length]}" },
        };
    }
}

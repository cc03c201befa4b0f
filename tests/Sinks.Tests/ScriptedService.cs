using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace StockActors.Sinks.Tests;

/// <summary>A service on this machine's loopback that answers as the test says.</summary>
internal sealed class ScriptedService : IDisposable
{
    private readonly WebApplication _server;
    private readonly Func<Request, Task<Answer>> _answer;

    public ScriptedService(Func<Request, Task<Answer>> answer)
    {
        _answer = answer;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(ServeAsync);
        _server.StartAsync().Wait();
        Url = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public string Url { get; }

    /// <summary>What was asked so far.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    public void Dispose() => ((IDisposable)_server).Dispose();

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = $"{context.Request.Path}{context.Request.QueryString}";
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new Request(context.Request.Method, path, headers, body.ToArray());
        Requests.Enqueue(request);
        var answer = await _answer(request);
        if (answer.Status is { } status)
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in answer.Headers ?? [])
                context.Response.Headers[name] = value;
            if (status != StatusCodes.Status204NoContent)
                context.Response.ContentLength = answer.Body.Length + answer.Missing;
            if (answer.Body.Length > 0)
                await context.Response.Body.WriteAsync(answer.Body);
            if (answer.Missing == 0)
                return;
            await context.Response.Body.FlushAsync();
        }

        context.Abort();
    }

    public sealed record Request(string Method, string Path, Dictionary<string, string> Headers, byte[] Body)
    {
        /// <summary>A header; <c>null</c> where it is not among them.</summary>
        public string? this[string header] => Headers.GetValueOrDefault(header);
    }

    /// <summary>An answer.</summary>
    /// <param name="Status">Its status; without one the connection is cut.</param>
    /// <param name="Body">Its body.</param>
    /// <param name="Headers">Its headers.</param>
    /// <param name="Missing">How many bytes of the body are promised and do not come.</param>
    public sealed record Answer(int? Status, byte[] Body, Dictionary<string, string>? Headers = null, int Missing = 0)
    {
        public static Answer Cut { get; } = new(null, []);

        public static Answer Of(int status, string body) => new(status, Encoding.UTF8.GetBytes(body));

        /// <summary>An error as services that speak JSON 1.1 have it.</summary>
        public static Answer Json(int status, string code, string message) => Of(status, $$"""{"__type":"{{code}}","message":"{{message}}"}""");

        /// <summary>An error as S3 has it.</summary>
        public static Answer Xml(int status, string code) =>
            Of(status, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>It is {code}</Message></Error>");
    }
}

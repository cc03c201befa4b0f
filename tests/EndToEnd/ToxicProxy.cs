using System.Net.Http.Json;
using System.Net.Sockets;

namespace StockActors.EndToEnd;

/// <summary>What stands between a client and a part of the stack, and treats its connections badly.</summary>
public sealed class ToxicProxy : IAsyncDisposable
{
    private readonly HttpClient _control;
    private readonly string _path;

    private ToxicProxy(HttpClient control, string name, string url) => (_control, _path, Url) = (control, $"/proxies/{name}", url);

    /// <summary>Where the part is reached through it.</summary>
    public string Url { get; }

    /// <summary>Starts one before a part.</summary>
    public static async Task<ToxicProxy> StartAsync(Stack stack, string upstream)
    {
        await Stack.RunAsync("up", "toxiproxy");
        var control = new HttpClient { BaseAddress = new Uri(stack.Variables["TOXIPROXY_URL"]) };
        int port;
        using (var free = new TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        }

        var name = $"e2e-{Guid.NewGuid():N}";
        using var made = await control.PostAsJsonAsync("/proxies", new { name, listen = $"127.0.0.1:{port}", upstream = new Uri(upstream).Authority, enabled = true });
        made.EnsureSuccessStatusCode();
        return new ToxicProxy(control, name, $"http://127.0.0.1:{port}");
    }

    /// <summary>Treats a share of the connections badly from now on.</summary>
    public async Task AddAsync(string type, object attributes, double toxicity)
    {
        using var added = await _control.PostAsJsonAsync($"{_path}/toxics", new { name = type, type, stream = "downstream", toxicity, attributes });
        added.EnsureSuccessStatusCode();
    }

    /// <summary>Stops it.</summary>
    public async Task RemoveAsync(string type)
    {
        using var removed = await _control.DeleteAsync($"{_path}/toxics/{type}");
        removed.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        using (await _control.DeleteAsync(_path))
            _control.Dispose();
    }
}

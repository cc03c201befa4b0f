using System.Net.Http.Json;
using System.Text.Json;

namespace StockActors.EndToEnd;

/// <summary>What stands between a client and a part of the stack, and treats its connections badly, either way.</summary>
public sealed class Toxiproxy : IAsyncDisposable
{
    private static readonly string[] Ways = ["upstream", "downstream"];

    private readonly HttpClient _control;
    private readonly string _path;

    private Toxiproxy(HttpClient control, string path, string address) => (_control, _path, Address) = (control, path, address);

    /// <summary>The address that clients come by, <c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Starts one before a part.</summary>
    /// <param name="control">Toxiproxy's HTTP interface.</param>
    /// <param name="upstream">The part's address, <c>host:port</c>.</param>
    /// <param name="listen">Where clients come; a free port by default.</param>
    public static async Task<Toxiproxy> StartAsync(string control, string upstream, string listen = "127.0.0.1:0")
    {
        var http = new HttpClient { BaseAddress = new Uri(control) };
        var name = $"e2e-{Guid.NewGuid():N}";
        var made = await PostAsync(http, "proxies", new { name, listen, upstream, enabled = true });
        return new Toxiproxy(http, $"proxies/{name}", made.GetProperty("listen").GetString()!);
    }

    /// <summary>Nothing comes through either way, and nobody is told: the connections stay as they are until <see cref="MendAsync"/> closes them.</summary>
    public Task CutAsync() => AddAsync("timeout", new { timeout = 0 });

    /// <summary>Takes away what <see cref="CutAsync"/> did.</summary>
    public Task MendAsync() => RemoveAsync("timeout");

    /// <summary>What comes through comes so much later, either way.</summary>
    public Task DelayAsync(int milliseconds, int jitter) => AddAsync("latency", new { latency = milliseconds, jitter });

    /// <summary>Every connection is reset at once.</summary>
    public Task ResetPeersAsync() => AddAsync("reset_peer", new { timeout = 0 });

    /// <summary>Treats a share of the connections badly from now on.</summary>
    public async Task AddAsync(string type, object attributes, double toxicity = 1)
    {
        foreach (var way in Ways)
            await PostAsync(_control, $"{_path}/toxics", new { name = $"{type}-{way}", type, stream = way, toxicity, attributes });
    }

    /// <summary>Stops it.</summary>
    public async Task RemoveAsync(string type)
    {
        foreach (var way in Ways)
        {
            using var removed = await _control.DeleteAsync($"{_path}/toxics/{type}-{way}");
            removed.EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (await _control.DeleteAsync(_path))
            _control.Dispose();
    }

    private static async Task<JsonElement> PostAsync(HttpClient control, string path, object body)
    {
        using var answer = await control.PostAsJsonAsync(path, body);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {said}");
        return JsonSerializer.Deserialize<JsonElement>(said);
    }
}

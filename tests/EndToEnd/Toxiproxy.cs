using System.Net.Http.Json;

namespace StockActors.EndToEnd;

/// <summary>A Toxiproxy with one proxy, before a broker; what it does to the connections is told to its HTTP interface.</summary>
public sealed class Toxiproxy(string url, string listen, string upstream) : IDisposable
{
    private const string Name = "kafka";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    /// <summary>The address that clients come by.</summary>
    public string Address => listen;

    public void Dispose() => _http.Dispose();

    /// <summary>Makes the proxy where it is absent, and takes all faults away.</summary>
    public async Task ResetAsync()
    {
        await PostAsync("populate", new[] { new { name = Name, listen, upstream, enabled = true } });
        await PostAsync("reset", new { });
    }

    /// <summary>Nothing comes through either way, and nobody is told: the connections stay as they are until <see cref="RemoveAsync"/> closes them.</summary>
    public Task CutAsync() => BothWaysAsync("timeout", new { timeout = 0 });

    /// <summary>What comes through comes so much later, either way.</summary>
    public Task DelayAsync(int milliseconds, int jitter) => BothWaysAsync("latency", new { latency = milliseconds, jitter });

    /// <summary>Every connection is reset at once.</summary>
    public Task ResetPeersAsync() => BothWaysAsync("reset_peer", new { timeout = 0 });

    /// <summary>Takes a fault away.</summary>
    public async Task RemoveAsync(string type)
    {
        foreach (var way in Ways)
            (await _http.DeleteAsync($"proxies/{Name}/toxics/{type}-{way}")).EnsureSuccessStatusCode();
    }

    /// <summary>Takes away what <see cref="CutAsync"/> did.</summary>
    public Task MendAsync() => RemoveAsync("timeout");

    private static readonly string[] Ways = ["upstream", "downstream"];

    private async Task BothWaysAsync(string type, object attributes)
    {
        foreach (var way in Ways)
            await PostAsync($"proxies/{Name}/toxics", new { name = $"{type}-{way}", type, stream = way, attributes });
    }

    private async Task PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}

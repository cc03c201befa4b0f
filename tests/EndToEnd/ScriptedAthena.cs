using System.Net;
using System.Text;

namespace StockActors.EndToEnd;

/// <summary>An Athena that answers each operation as the test says.</summary>
public sealed class ScriptedAthena : IDisposable
{
    private const string Service = "AmazonAthena.";

    private readonly HttpListener _listener = new();
    private readonly Func<string, (int Status, string Body)> _answer;

    /// <param name="answer">Its answer to an operation.</param>
    public ScriptedAthena(Func<string, (int Status, string Body)> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{Stack.FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = _answer(context.Request.Headers["X-Amz-Target"]![Service.Length..]);
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/x-amz-json-1.1";
                context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It is disposed of.
        }
    }
}

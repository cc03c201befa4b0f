using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>
/// Stands before an HTTP service and serves badly: of every hundred requests it turns some away, and has others done without a word of it, by another
/// answer or by none. So whoever asks can't know what has become of it. A connection carries one request.
/// </summary>
public sealed class FaultyService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _upstream;
    private readonly Random _random;
    private readonly double _share;
    private readonly Task _serving;
    private int _refused;
    private int _lost;

    private FaultyService(string upstream, int seed, double share)
    {
        (_upstream, _random, _share) = (new Uri(upstream), new Random(seed), share);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where clients come.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>How many requests were turned away undone.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many were done, and their answers lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Starts one.</summary>
    /// <param name="upstream">The service behind it.</param>
    /// <param name="seed">Of its whims.</param>
    /// <param name="share">Of requests turned away; as many are done and said to have failed, and as many are done and their connection is reset.</param>
    public static FaultyService Start(string upstream, int seed, double share) => new(upstream, seed, share);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is disposed of.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await TakeAsync(stream) is not { } request)
                    return;
                var whim = Whim();
                if (whim < _share)
                {
                    Interlocked.Increment(ref _refused);
                    await FailAsync(stream, "503 Service Unavailable");
                    return;
                }

                var answer = await ForwardAsync(request);
                if (whim >= 3 * _share)
                {
                    await stream.WriteAsync(answer);
                    return;
                }

                Interlocked.Increment(ref _lost);
                if (whim < 2 * _share)
                    await FailAsync(stream, "500 Internal Server Error");
                else
                    client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Whoever asked has gone, or the service behind has: either way there is no answer.
            }
        }
    }

    private double Whim()
    {
        lock (_random)
            return _random.NextDouble();
    }

    /// <summary>The request as it came, but for what it says of its connection.</summary>
    private static async Task<byte[]?> TakeAsync(NetworkStream from)
    {
        var said = "";
        for (var next = new byte[1]; !said.EndsWith("\r\n\r\n", StringComparison.Ordinal); said += (char)next[0])
        {
            if (await from.ReadAsync(next) == 0)
                return null;
        }

        if (Header("Expect").IsMatch(said))
            await from.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        var length = Header("Content-Length").Match(said);
        var body = new byte[length.Success ? int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture) : 0];
        await from.ReadExactlyAsync(body);
        var head = Header("Connection").Replace(Header("Expect").Replace(said, ""), "");
        return [.. Encoding.ASCII.GetBytes(head[..^2] + "Connection: close\r\n\r\n"), .. body];

        static Regex Header(string name) => new($"^{name}: *(.*?)\r\n", RegexOptions.Multiline | RegexOptions.IgnoreCase);
    }

    private async Task<byte[]> ForwardAsync(byte[] request)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(_upstream.Host, _upstream.Port);
        await upstream.GetStream().WriteAsync(request);
        using var answer = new MemoryStream();
        await upstream.GetStream().CopyToAsync(answer);
        return answer.ToArray();
    }

    private static Task FailAsync(NetworkStream to, string status) =>
        to.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).AsTask();
}

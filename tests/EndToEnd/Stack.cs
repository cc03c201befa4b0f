using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;

namespace StockActors.EndToEnd;

/// <summary>A real Kafka on this machine's loopback, one for all tests that need it at a time, and S3, Glue and Athena for those that ask for them.</summary>
/// <remarks>An instance of its own: tests kill and reset it as they like, those that take a part away while no others run. Two checkouts that are tested at once are given others by the environment.</remarks>
public sealed class Stack : IAsyncLifetime
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("STACK_DIR") ?? Path.Combine(Path.GetTempPath(), "stockactors-tests-stack");
    private static readonly int Port = PortOf("STACK_KAFKA_PORT", 29392);
    private static readonly int ToxiproxyPort = PortOf("STACK_TOXIPROXY_PORT", 29399);
    private static readonly string BehindProxy = $"127.0.0.1:{Port + 10}";
    private static readonly string Proxy = $"127.0.0.1:{Port + 11}";

    private static readonly StackInstance Instance = new(new Dictionary<string, string>
    {
        ["STACK_DIR"] = Folder,
        ["STACK_KAFKA_PORT"] = $"{Port}",
        ["STACK_S3_PORT"] = $"{PortOf("STACK_S3_PORT", 29390)}",
        ["STACK_AWS_PORT"] = $"{PortOf("STACK_AWS_PORT", 29391)}",
        ["STACK_TRINO_PORT"] = $"{PortOf("STACK_TRINO_PORT", 29395)}",
        ["STACK_TOXIPROXY_PORT"] = $"{ToxiproxyPort}",
        // A client goes to the address that the broker tells it, not to the one it came by: only a listener that is advertised at the proxy keeps it
        // there. This value ends the broker's properties, of which the last of a name holds, so lines behind it are taken too.
        ["STACK_KAFKA_AUTO_CREATE"] = string.Join('\n',
            "false",
            $"listeners=PLAINTEXT://127.0.0.1:{Port},CONTROLLER://127.0.0.1:{Port + 1},PROXIED://{BehindProxy}",
            $"advertised.listeners=PLAINTEXT://127.0.0.1:{Port},PROXIED://{Proxy}",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT"),
    });

    private static readonly SemaphoreSlim OneByOne = new(1);
    private static int _users;

    /// <summary>Where it is started from; <c>null</c> where it is not beside this checkout.</summary>
    public static string? Script => StackInstance.Script;

    public string Kafka { get; private set; } = "";

    /// <summary>What a program needs in its environment to find the parts.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

    /// <summary>Runs the script, or one of Kafka's own tools with <c>kafka TOOL …</c>, and returns what it prints.</summary>
    public static async Task<string> RunAsync(params string[] args)
    {
        if (args[0] != "up")
            return await Instance.RunAsync(args);

        // Two that find a part missing would both start it.
        await OneByOne.WaitAsync();
        try
        {
            return await Instance.RunAsync(args);
        }
        finally
        {
            OneByOne.Release();
        }
    }

    /// <summary>The same with something on its standard input.</summary>
    public static Task<string> FeedAsync(string input, params string[] args) => Instance.FeedAsync(input, args);

    /// <summary>Three brokers, another instance beside this one.</summary>
    public static StackInstance OfThree() => Beside("three", Port + 20, brokers: 3);

    /// <summary>A broker for one test that takes it away: nobody else is on it.</summary>
    public static StackInstance OfOne() => Beside("one", Port + 30, brokers: 1);

    /// <summary>The way to the broker, or to another part, through a proxy of the test's own.</summary>
    public async Task<Toxiproxy> ProxyAsync(string? part = null)
    {
        await RunAsync("up", "toxiproxy");
        return part is null
            ? await Toxiproxy.StartAsync(Variables["TOXIPROXY_URL"], BehindProxy, Proxy)
            : await Toxiproxy.StartAsync(Variables["TOXIPROXY_URL"], new Uri(part).Authority);
    }

    public async Task InitializeAsync()
    {
        if (Script is null)
            return;
        await OneByOne.WaitAsync();
        try
        {
            if (_users++ == 0)
                await Instance.RunAsync("reset");
            await Instance.RunAsync("up", "kafka");
        }
        finally
        {
            OneByOne.Release();
        }

        Variables = (await RunAsync("env")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line["export ".Length..].Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Kafka = Variables["KAFKA_BOOTSTRAP_SERVERS"];
    }

    public async Task DisposeAsync()
    {
        if (Script is null)
            return;
        await OneByOne.WaitAsync();
        try
        {
            if (--_users == 0)
                await Instance.RunAsync("reset");
        }
        finally
        {
            OneByOne.Release();
        }
    }

    /// <summary>Begins a transaction with a record in the first partition of a topic, as of a producer that was killed in the middle of it; it stays open until it is ended.</summary>
    public IProducer<string, byte[]> OpenTransaction(string topic)
    {
        var config = new ProducerConfig { BootstrapServers = Kafka, TransactionalId = $"stranger-{topic}", TransactionTimeoutMs = 600_000 };
        var stranger = new ProducerBuilder<string, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        stranger.InitTransactions(TimeSpan.FromMinutes(1));
        stranger.BeginTransaction();
        stranger.Produce(new TopicPartition(topic, 0), new Message<string, byte[]> { Key = "stranger", Value = [1] });
        stranger.Flush(TimeSpan.FromMinutes(1));
        return stranger;
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static StackInstance Beside(string name, int port, int brokers) => new(new Dictionary<string, string>
    {
        ["STACK_DIR"] = $"{Folder}-{name}",
        ["STACK_KAFKA_PORT"] = $"{port}",
        ["STACK_BROKERS"] = $"{brokers}",
    });

    private static int PortOf(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : otherwise;
}

using System.Diagnostics;

namespace StockActors.EndToEnd;

/// <summary>A real Kafka on this machine's loopback, started once for all tests that need it, and S3, Glue and Athena for those that ask for them.</summary>
public sealed class Stack : IAsyncLifetime
{
    /// <summary>An instance of its own: tests kill and reset it as they like. Two checkouts that are tested at once are given others by the environment.</summary>
    private static readonly Dictionary<string, string> Instance = new()
    {
        ["STACK_DIR"] = Path.Combine(Path.GetTempPath(), "stockactors-tests-stack"),
        ["STACK_KAFKA_PORT"] = "29392",
        ["STACK_S3_PORT"] = "29390",
        ["STACK_AWS_PORT"] = "29391",
        ["STACK_TRINO_PORT"] = "29395",
        ["STACK_TOXIPROXY_PORT"] = "29399",
    };

    /// <summary>Where it is started from; <c>null</c> where it is not beside this checkout.</summary>
    public static string? Script { get; } = Find();

    public string Kafka { get; private set; } = "";

    /// <summary>What a program needs in its environment to find the parts.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        if (Script is null)
            return;
        await RunAsync("reset");
        await RunAsync("up", "kafka");
        Variables = (await RunAsync("env")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line["export ".Length..].Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Kafka = Variables["KAFKA_BOOTSTRAP_SERVERS"];
    }

    public async Task DisposeAsync()
    {
        if (Script is not null)
            await RunAsync("reset");
    }

    /// <summary>Runs the script, or one of Kafka's own tools with <c>kafka TOOL …</c>, and returns what it prints.</summary>
    public static Task<string> RunAsync(params string[] args) => FeedAsync("", args);

    /// <summary>The same with something on its standard input.</summary>
    public static async Task<string> FeedAsync(string input, params string[] args)
    {
        // What it leaves running must not inherit this process's pipes, or reading them would never end.
        var output = Path.GetTempFileName();
        var start = new ProcessStartInfo("bash", ["-c", "exec \"$0\" \"$@\" >\"$STACK_OUTPUT\" 2>&1", Script!, .. args]) { RedirectStandardInput = true };
        start.Environment["STACK_OUTPUT"] = output;
        foreach (var (name, value) in Instance)
            start.Environment.TryAdd(name, value);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        var printed = await File.ReadAllTextAsync(output);
        File.Delete(output);
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"stack {string.Join(' ', args)} ended with {process.ExitCode}: {printed}");
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StockActors.sln")))
            {
                var script = Path.Combine(folder.FullName, "..", "shared", "stack", "stack");
                return File.Exists(script) ? Path.GetFullPath(script) : null;
            }
        }

        return null;
    }
}

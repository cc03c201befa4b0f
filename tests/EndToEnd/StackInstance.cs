using System.Diagnostics;

namespace StockActors.EndToEnd;

/// <summary>The script with folder and ports of its own.</summary>
public sealed class StackInstance(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Where it is started from; <c>null</c> where it is not beside this checkout.</summary>
    public static string? Script { get; } = Find();

    /// <summary>The address of the brokers.</summary>
    public async Task<string> KafkaAsync() =>
        (await RunAsync("env")).Split('\n').First(line => line.Contains("KAFKA_BOOTSTRAP_SERVERS=", StringComparison.Ordinal)).Split('=')[1];

    /// <summary>Runs the script, or one of Kafka's own tools with <c>kafka TOOL …</c>, and returns what it prints.</summary>
    public Task<string> RunAsync(params string[] args) => FeedAsync("", args);

    /// <summary>The same with something on its standard input.</summary>
    public async Task<string> FeedAsync(string input, params string[] args)
    {
        // What it leaves running must not inherit this process's pipes, or reading them would never end.
        var output = Path.GetTempFileName();
        var start = new ProcessStartInfo("bash", ["-c", "exec \"$0\" \"$@\" >\"$STACK_OUTPUT\" 2>&1", Script!, .. args]) { RedirectStandardInput = true };
        start.Environment["STACK_OUTPUT"] = output;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
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

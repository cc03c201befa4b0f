using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>The executable, started as its user would, in a directory of its own.</summary>
public sealed class Cli : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Variables that whoever runs the tests may have set for other purposes.</summary>
    private static readonly string[] Foreign = ["STOCKACTORS_", "KAFKA_", "AWS_"];

    private readonly List<Process> _started = [];

    private readonly IReadOnlyDictionary<string, string> _environment;

    /// <param name="kafka">A real Kafka; the embedded one where it is <c>null</c>.</param>
    /// <param name="environment">What else its user has exported.</param>
    public Cli(string? kafka = null, IReadOnlyDictionary<string, string>? environment = null) =>
        (Kafka, _environment) = (kafka, environment ?? new Dictionary<string, string>());

    public string? Kafka { get; }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("stockactors-").FullName;

    /// <summary>What starts it: the Release build, in the long run what is published.</summary>
    public static IReadOnlyList<string> Command { get; } = LongRun.IsOn ? [Built("publish/stockactors")] : ["dotnet", Built("Release/net10.0/stockactors.dll")];

    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "samples", "hang-seng-sample.csv");

    /// <summary>How many ticks a line of progress says are published; 0 in any other line.</summary>
    public static long Published(string line) => Number(line, @"published +([\d,]+)");

    /// <summary>How many ticks a line of progress says are in the lake; 0 in any other line.</summary>
    public static long InTheLake(string line) => Number(line, @"in the lake +([\d,]+)");

    /// <summary>How many rows an ingest's line of progress says it has written; 0 in any other line.</summary>
    public static long Rows(string line) => Number(line, @"^ *([\d,]+) rows in");

    /// <summary>Runs a command to its end.</summary>
    public async Task<Run> RunAsync(params string[] args) => await Start(args).EndAsync();

    /// <summary>What a query says, as rows of JSON.</summary>
    public async Task<List<Dictionary<string, JsonElement>>> QueryAsync(string sql)
    {
        var run = await RunAsync("query", sql, "--format", "json");
        Assert.True(run.Exit == 0, run.ToString());
        return JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(run.Out)!;
    }

    /// <summary>Starts a command.</summary>
    public Running Start(params string[] args)
    {
        var start = new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. args])
        {
            WorkingDirectory = Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => Foreign.Any(prefix => k.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        start.Environment["STOCKACTORS_ANALYTICS__CACHEDIRECTORY"] = Path.Combine(Directory, "copies");
        if (Kafka is not null)
            start.Environment["KAFKA_BOOTSTRAP_SERVERS"] = Kafka;
        var process = Process.Start(start)!;
        _started.Add(process);
        return new Running(process, string.Join(' ', args));
    }

    private static string Built(string path) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Node/bin", path));

    /// <summary>What a failed test has left running goes with its directory.</summary>
    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static long Number(string line, string pattern) => Regex.Match(line, pattern) is { Success: true } found
        ? long.Parse(found.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
        : 0;

    public sealed record Run(string Command, int Exit, string Out, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Out).RootElement;

        /// <summary>The Glue database that it has named.</summary>
        public string Database => Regex.Match(Out + Error, "Glue database ([a-z0-9_]+)").Groups[1].Value;

        /// <summary>What it has emitted, all of which is in the lake: trades, quotes, status, bars.</summary>
        public long[] Balanced()
        {
            Assert.True(Exit == 0, ToString());
            var balance = Json.GetProperty("balance");
            Assert.True(balance.GetProperty("balanced").GetBoolean(), ToString());
            return [.. new[] { "trades", "quotes", "status", "bars" }.Select(table => balance.GetProperty("emitted").GetProperty(table).GetInt64())];
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"'{Command}' ended with {Exit}\n--- out\n{Out}\n--- error\n{Error}");
    }

    public sealed class Running
    {
        private readonly Process _process;
        private readonly string _command;
        private readonly StringBuilder _out = new();
        private readonly StringBuilder _error = new();
        private readonly List<(Predicate<string> IsIt, TaskCompletionSource<string> Seen)> _awaited = [];

        public Running(Process process, string command)
        {
            (_process, _command) = (process, command);
            process.OutputDataReceived += (_, line) => Take(_out, line.Data);
            process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public int Id => _process.Id;

        /// <summary>What it has printed so far, on either stream.</summary>
        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_awaited)
                    return $"{_out}{_error}".Split('\n');
            }
        }

        /// <summary>The first line, on either stream, from now on or before, that contains a text.</summary>
        public Task<string> SeeAsync(string text) => SeeAsync(text, line => line.Contains(text, StringComparison.Ordinal));

        /// <summary>The first line, on either stream, from now on or before, that is what is waited for.</summary>
        public async Task<string> SeeAsync(string what, Predicate<string> isIt)
        {
            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_awaited)
            {
                if (Lines.FirstOrDefault(line => isIt(line)) is { } line)
                    return line;
                _awaited.Add((isIt, seen));
            }

            var exit = _process.WaitForExitAsync();
            if (await Task.WhenAny(seen.Task, exit, Task.Delay(Limit)) != seen.Task && !seen.Task.IsCompleted)
                Assert.Fail($"'{what}' was not seen: '{_command}'\n--- out\n{_out}\n--- error\n{_error}");
            return await seen.Task;
        }

        /// <summary>Ctrl+C.</summary>
        public void Interrupt() => Signal("INT");

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
            kill.WaitForExit();
        }

        public async Task<Run> EndAsync()
        {
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                Assert.Fail($"'{_command}' has not ended after {Limit}\n--- out\n{_out}\n--- error\n{_error}");
            }

            lock (_awaited)
                return new Run(_command, _process.ExitCode, _out.ToString(), _error.ToString());
        }

        private void Take(StringBuilder to, string? line)
        {
            if (line is null)
                return;
            lock (_awaited)
            {
                to.Append(line).Append('\n');
                foreach (var (isIt, seen) in _awaited)
                {
                    if (isIt(line))
                        seen.TrySetResult(line);
                }
            }
        }
    }
}

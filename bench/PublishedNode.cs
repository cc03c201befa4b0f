using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using StockActors.Pipeline;

namespace StockActors.Bench;

/// <summary>The published executable as its user runs it.</summary>
internal sealed class PublishedNode : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private PublishedNode(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Processor time that it has used until now.</summary>
    public TimeSpan Cpu => _process.TotalProcessorTime;

    /// <summary>Starts it.</summary>
    /// <exception cref="LogException">It is not published.</exception>
    public static PublishedNode Start(params string[] arguments)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../src/Node/bin/publish/stockactors"));
        if (!File.Exists(path))
            throw new LogException($"This benchmark runs the published executable, and {path} is missing: dotnet publish src/Node");
        return new PublishedNode(Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>Asks it to end, as Ctrl+C does.</summary>
    public void Interrupt()
    {
        const int interrupt = 2;
        if (Kill(_process.Id, interrupt) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="LogException">It failed.</exception>
    public string RequireSuccess()
    {
        _process.WaitForExit();
        return _process.ExitCode == 0
            ? _output.Result
            : throw new LogException($"'stockactors {string.Join(' ', _process.StartInfo.ArgumentList)}' ended with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}: {_error.Result}");
    }

    /// <summary>Processor time of all processes that were started here and have ended, and the largest resident memory of one.</summary>
    public static (TimeSpan Cpu, long PeakBytes) OfAllThatEnded()
    {
        const int children = -1;

        // struct rusage: user and system time as seconds and microseconds, the peak in KiB, and what is not read.
        Span<long> usage = stackalloc long[18];
        if (GetUsage(children, ref usage[0]) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]), usage[4] * 1024);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static extern int GetUsage(int who, ref long usage);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

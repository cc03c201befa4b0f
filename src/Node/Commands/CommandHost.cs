using System.CommandLine;
using System.Runtime.InteropServices;
using StockActors.Node.Configuration;
using StockActors.Pipeline;

namespace StockActors.Node.Commands;

/// <summary>What stands around every command: configuration in, signals heard, errors told in a sentence, an exit code out.</summary>
internal static class CommandHost
{
    /// <summary>Done as asked.</summary>
    public const int Ok = 0;

    /// <summary>Not done; the error says why.</summary>
    public const int Failed = 1;

    /// <summary>Asked wrongly: an unknown flag, key or value.</summary>
    public const int Usage = 2;

    private const int Interrupted = 130;

    /// <summary>Makes a command's action.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Action(Func<ParseResult, CommandContext, Task<int>> run) =>
        (parsed, _) => RunAsync(parsed, run);

    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CommandContext, Task<int>> run)
    {
        var error = parsed.InvocationConfiguration.Error;
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext signal)
        {
            // The second one means it: the first may be draining for longer than its user likes.
            if (stop.IsCancellationRequested)
                Environment.Exit(Interrupted);
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return await run(parsed, new CommandContext(NodeSettings.Load(SettingsOf(parsed)), parsed.InvocationConfiguration.Output, error, stop.Token));
        }
        catch (SettingsException e)
        {
            foreach (var line in e.Errors)
                await error.WriteLineAsync("error: " + NameFlags(line, parsed));
            return Usage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped before anything was begun");
            return Interrupted;
        }
        catch (Exception e) when (Told(e) is { } told)
        {
            await error.WriteLineAsync("error: " + told);
            return Failed;
        }
    }

    /// <summary>The message of an error that was written for a user; anything else is a fault of ours, told with its type and where.</summary>
    private static string? Told(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [var one] } => Told(one),
        CommandException or LogException => e.Message,
        Simulator.Replay.BarFileException or Simulator.Book.Streams.OrderFileException => e.Message,
        Sinks.LakeException or Sinks.LaneStoppedException or Sinks.LaneLostException or Sinks.Compaction.CompactionStoppedException => e.Message,
        Analytics.QueryException or Analytics.QueryStoppedException or Analytics.LakeLayoutException or Analytics.Jobs.JobException => e.Message,
        _ => $"{e.Message} (a fault of this program: {e.GetType().Name}{At(e)}; please report it)",
    };

    private static string At(Exception e) => e.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("StockActors", StringComparison.Ordinal)) is { } line
        ? " " + line
        : "";

    private static Dictionary<string, string?> SettingsOf(ParseResult parsed)
    {
        var flags = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in parsed.CommandResult.Command.Options)
        {
            if (option is SettingFlag flag && parsed.GetResult(flag) is { Implicit: false })
                flags[flag.Key] = flag.Arity.MaximumNumberOfValues == 0 ? "true" : parsed.GetValue(flag);
            if (option is Option<string[]> { Name: "--kafka" } properties)
            {
                foreach (var pair in parsed.GetValue(properties) ?? [])
                {
                    var at = pair.IndexOf('=', StringComparison.Ordinal);
                    if (at < 1)
                        throw new SettingsException([$"--kafka takes KEY=VALUE, such as security.protocol=SSL; it is '{pair}'."]);
                    flags[$"Kafka:Properties:{pair[..at]}"] = pair[(at + 1)..];
                }
            }
        }

        return flags;
    }

    /// <summary>A user who typed a flag reads of the flag.</summary>
    private static string NameFlags(string line, ParseResult parsed)
    {
        foreach (var flag in parsed.CommandResult.Command.Options.OfType<SettingFlag>().Where(f => parsed.GetResult(f) is { Implicit: false }))
            line = line.Replace($"the command line: {flag.Key}:", flag.Name + ":", StringComparison.Ordinal).Replace(flag.Key + ":", flag.Name + ":", StringComparison.Ordinal);
        return line;
    }
}

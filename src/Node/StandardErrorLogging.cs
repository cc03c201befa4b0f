using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace StockActors.Node;

/// <summary>Warnings and errors of libraries as lines on standard error, without stack traces: standard output is for results.</summary>
internal sealed partial class StandardErrorLogging : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one place that logs go to.");

    public ILogger CreateLogger(string categoryName) => new Lines();

    public void Dispose()
    {
    }

    /// <summary>What Akka writes before a message: level, time, thread and the actor's path.</summary>
    [GeneratedRegex(@"^\[[A-Z]+\]\[[^\]]*\]\[Thread \d+\]\[[^\]]*\] ")]
    private static partial Regex Heading();

    private sealed class Lines : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = formatter(state, exception);
            var heading = Heading().Match(text);

            // What each connection says of the one who is gone, the cluster says in one line; what a stage says of its failure, whoever runs the stream.
            if (heading.Value.Contains("endpointManager", StringComparison.Ordinal) || heading.Value.Contains("[remoting ", StringComparison.Ordinal)
                || text.Contains("/StreamSupervisor-", StringComparison.Ordinal))
                return;
            var message = text[heading.Length..].Split('\n', 2)[0].TrimEnd();
            Console.Error.WriteLine($"{logLevel.ToString().ToLowerInvariant()}: {message}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
        }
    }
}

using StockActors.Node.Configuration;

namespace StockActors.Node.Commands;

/// <summary>What every command works with.</summary>
/// <param name="Settings">The checked configuration.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors.</param>
/// <param name="Stop">Set at the first Ctrl+C or SIGTERM: finish what is begun, lose nothing.</param>
internal sealed record CommandContext(NodeSettings Settings, TextWriter Out, TextWriter Error, CancellationToken Stop);

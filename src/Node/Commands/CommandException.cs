namespace StockActors.Node.Commands;

/// <summary>A command can't do what was asked; the message says what, where and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);

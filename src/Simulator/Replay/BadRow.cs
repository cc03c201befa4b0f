namespace StockActors.Simulator.Replay;

/// <summary>A row that is no bar.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the file on which the row begins, the header's being 1.</param>
/// <param name="Column">The column at fault as the header has it; empty where the row as a whole is.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadRow(string File, long Line, string Column, string Reason);

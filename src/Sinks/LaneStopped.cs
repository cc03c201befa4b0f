namespace StockActors.Sinks;

/// <summary>A lane's last stop, until an operator has it go on.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">What was found, and what an operator can do.</param>
/// <param name="At">When.</param>
/// <param name="By">The process that stopped.</param>
public sealed record LaneStopped(string Topic, LaneStop Reason, string Message, DateTimeOffset At, string By);

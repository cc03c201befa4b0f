namespace StockActors.Sinks;

/// <summary>What an operator has accepted of a lane.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Entry">The number of the chain entry that says so.</param>
/// <param name="What">What was given up, in words, with its offsets and keys.</param>
/// <param name="GoesOnFrom">The offset that the lane goes on from.</param>
public sealed record LaneAcceptance(int Lane, long Entry, string What, long GoesOnFrom);

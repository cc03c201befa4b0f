namespace StockActors.Sinks.Tests;

/// <summary>What becomes of a call.</summary>
internal enum Fate
{
    Pass,
    DieBefore,
    DieAfter,
    UnknownBefore,
    UnknownAfter,
}

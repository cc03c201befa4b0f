namespace StockActors.Sinks.Chain;

/// <summary>One entry of a lane's chain. It is put once and never changes.</summary>
internal interface IChainEntry
{
    /// <summary>Its number, from 0 without gaps.</summary>
    long N { get; }

    /// <summary>What it is.</summary>
    string Kind { get; }

    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>The lane.</summary>
    int Lane { get; }

    /// <summary>The first offset it stands for: its predecessor's <see cref="End"/>.</summary>
    long First { get; }

    /// <summary>The offset behind the last it stands for.</summary>
    long End { get; }

    /// <summary>Who put it: the node, and what is fresh per assignment.</summary>
    string Claim { get; }

    /// <summary>When it was put, by the clock of who put it; nothing follows from it.</summary>
    DateTimeOffset WrittenAt { get; }
}

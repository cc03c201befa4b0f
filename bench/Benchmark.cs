namespace StockActors.Bench;

/// <summary>One benchmark: a class in a file, found by being listed in <see cref="Program"/>.</summary>
internal abstract class Benchmark
{
    /// <summary>Its name on the command line, and the first part of its rows' names.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>The rows, one after the other, each measured when it is asked for.</summary>
    public abstract IEnumerable<Row> Run();
}

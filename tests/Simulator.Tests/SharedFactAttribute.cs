namespace StockActors.Simulator.Tests;

/// <summary>A test of an input in <c>../shared</c>; skipped, with the reason on screen, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string relative) => Skip = SharedFolder.ReasonToSkip(relative);
}

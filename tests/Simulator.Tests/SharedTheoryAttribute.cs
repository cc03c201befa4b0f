namespace StockActors.Simulator.Tests;

/// <inheritdoc cref="SharedFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string relative) => Skip = SharedFolder.ReasonToSkip(relative);
}

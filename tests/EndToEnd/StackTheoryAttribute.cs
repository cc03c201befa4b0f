namespace StockActors.EndToEnd;

/// <summary>A test that needs a real Kafka.</summary>
public sealed class StackTheoryAttribute : TheoryAttribute
{
    public StackTheoryAttribute()
    {
        if (Stack.Script is null)
            Skip = "needs a real Kafka: ../shared/stack is not beside this checkout";
    }
}

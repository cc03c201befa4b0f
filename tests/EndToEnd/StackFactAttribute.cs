namespace StockActors.EndToEnd;

/// <summary>A test that needs a real Kafka, S3 or Glue.</summary>
public sealed class StackFactAttribute : FactAttribute
{
    public StackFactAttribute()
    {
        if (Stack.Script is null)
            Skip = "needs a real Kafka, S3 or Glue: ../shared/stack is not beside this checkout";
    }
}

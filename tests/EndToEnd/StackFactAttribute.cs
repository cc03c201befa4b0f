namespace StockActors.EndToEnd;

/// <summary>A test that needs a real Kafka, S3 or Glue.</summary>
public sealed class StackFactAttribute : FactAttribute
{
    /// <param name="isLong">Only in the long run: the gate has no time for it.</param>
    public StackFactAttribute(bool isLong = false)
    {
        if (Stack.Script is null)
            Skip = "needs a real Kafka, S3 or Glue: ../shared/stack is not beside this checkout";
        else if (isLong && !LongRun.IsOn)
            Skip = "takes longer than the gate has: TESTS=long runs it, as .ci/long does";
    }
}

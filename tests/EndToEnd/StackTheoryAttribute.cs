namespace StockActors.EndToEnd;

/// <summary>A theory that needs a real Kafka, S3 or Glue.</summary>
public sealed class StackTheoryAttribute : TheoryAttribute
{
    public StackTheoryAttribute() => Skip = new StackFactAttribute().Skip;
}

namespace StockActors.Pipeline.Dsl;

/// <summary>A consumer's control together with its stream's end: <c>.ToMaterialized(sink, DrainingControl.Create)</c>.</summary>
public static class DrainingControl
{
    /// <summary>Pairs the two.</summary>
    public static DrainingControl<TResult> Create<TResult>(IControl control, Task<TResult> streamCompletion) => new(control, streamCompletion);
}

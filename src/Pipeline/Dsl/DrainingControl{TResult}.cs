namespace StockActors.Pipeline.Dsl;

/// <summary>A consumer's control together with its stream's end.</summary>
/// <param name="Control">The consumer.</param>
/// <param name="StreamCompletion">The stream's end.</param>
public sealed record DrainingControl<TResult>(IControl Control, Task<TResult> StreamCompletion)
{
    /// <summary>As <see cref="IControl.DrainAndShutdown"/>, of the stream that this is the control of.</summary>
    public Task<TResult> DrainAndShutdown() => Control.DrainAndShutdown(StreamCompletion);
}

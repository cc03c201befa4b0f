namespace StockActors.Sinks.Tests.Simulation;

/// <summary>One life of a process: the calls it waits for, and whether anybody answers them.</summary>
internal sealed class SimulatedLife(string node)
{
    /// <summary>The process's name; a zombie and its successor have the same.</summary>
    public string Node => node;

    public List<SimulatedCall> Calls { get; } = [];

    /// <summary>The step until which it is paused.</summary>
    public int PausedUntil { get; set; }

    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>Makes a call, and waits until the history has decided what becomes of it.</summary>
    public Task<T> CallAsync<T>(bool isConditional, Func<T> effect)
    {
        var answer = new TaskCompletionSource<T>();
        T result = default!;
        Calls.Add(new SimulatedCall(isConditional, () => result = effect(), () => answer.SetResult(result), answer.SetException));
        return answer.Task;
    }
}

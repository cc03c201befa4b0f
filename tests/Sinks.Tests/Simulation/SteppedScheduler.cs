namespace StockActors.Sinks.Tests.Simulation;

/// <summary>Runs tasks on the thread that asks it to, in the order they came: the same history again for the same seed.</summary>
internal sealed class SteppedScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = new();

    /// <summary>Runs until nothing is left that can run: everyone waits for a call or for the clock.</summary>
    public void Drain()
    {
        while (_tasks.TryDequeue(out var task))
            TryExecuteTask(task);
    }

    protected override void QueueTask(Task task) => _tasks.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];
}

namespace StockActors.Sinks.Tests;

/// <summary>
/// A process that writes the lane, and starts again when it is killed or loses it; at each call it waits to be let go on.
/// </summary>
internal sealed class SteppedProcess
{
    private readonly Lock _lock = new();
    private readonly Task _run;
    private TaskCompletionSource _arrived = New();
    private TaskCompletionSource _step = New();
    private Interception? _interception;
    private Fate _fate;

    public SteppedProcess(LakeUnderTest lake, int seed, string node) => _run = Task.Run(() => RunAsync(lake, seed, node));

    public bool IsDone => _run.IsCompleted;

    /// <summary>Whether it waits at a call; otherwise it is done.</summary>
    public async Task<bool> IsWaitingAsync()
    {
        Task arrived;
        lock (_lock)
            arrived = _arrived.Task;
        if (await Task.WhenAny(arrived, _run) == arrived)
            return true;
        await _run;
        return false;
    }

    public void Step(Fate fate)
    {
        _fate = fate;
        Release();
    }

    public void Kill()
    {
        _interception!.Kill();
        Step(Fate.Pass);
    }

    private void Release()
    {
        TaskCompletionSource step;
        lock (_lock)
        {
            step = _step;
            _step = New();
            _arrived = New();
        }

        step.SetResult();
    }

    private async Task RunAsync(LakeUnderTest lake, int seed, string node)
    {
        for (var life = 0; ; life++)
        {
            _interception = new Interception
            {
                Gate = _ => GateAsync(),
                FateOf = (_, isConditional) => isConditional ? _fate : Fate.Pass,
            };
            try
            {
                await lake.RunAsync(lake.Writer(_interception, node), seed + life);
                return;
            }
            catch (Exception e) when (e is Crash or LaneLostException)
            {
                // The next life recovers.
            }
        }
    }

    private Task GateAsync()
    {
        lock (_lock)
        {
            _arrived.TrySetResult();
            return _step.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace StockActors.Node.Terminal;

/// <summary>Tells that something is under way, where it takes longer than a moment.</summary>
internal static class ProgressLines
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Awaits, and writes a line every two seconds until then.</summary>
    public static async Task WhileAsync(Task task, TextWriter told, Func<string> state)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await Task.WhenAny(task, timer.WaitForNextTickAsync().AsTask()) != task)
            told.WriteLine("  " + state());
        await task;
    }
}

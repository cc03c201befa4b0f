namespace StockActors.EndToEnd;

/// <summary>A lake in a directory with some hours of a demo's day, and a file's daily bars.</summary>
public sealed class DayOfDemo : IAsyncLifetime
{
    public Cli Cli { get; } = new();

    public string Lake => Path.Combine(Cli.Directory, "lake");

    public async Task InitializeAsync()
    {
        var demo = await Cli.RunAsync("demo", "--duration", "3s", "--scenario", "crisis", "--truth", "--speed", "600x", "--symbols", "4", "--json");
        Assert.True(demo.Balanced()[0] > 0);
        (await Cli.RunAsync("replay", Cli.Sample, "--json")).Balanced();
    }

    public Task DisposeAsync()
    {
        Cli.Dispose();
        return Task.CompletedTask;
    }
}

namespace StockActors.EndToEnd;

/// <summary>A Kafka of three brokers, for the tests of one class: it takes 2 GB of memory while it is there.</summary>
public sealed class ThreeBrokers : IAsyncLifetime
{
    private readonly StackInstance _instance = Stack.OfThree();

    public string Kafka { get; private set; } = "";

    public Task<string> RunAsync(params string[] args) => _instance.RunAsync(args);

    private static bool IsNeeded => Stack.Script is not null && LongRun.IsOn;

    public async Task InitializeAsync()
    {
        if (!IsNeeded)
            return;
        await RunAsync("reset");
        await RunAsync("up", "kafka");
        Kafka = await _instance.KafkaAsync();
    }

    public async Task DisposeAsync()
    {
        if (IsNeeded)
            await RunAsync("reset");
    }
}

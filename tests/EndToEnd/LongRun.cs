namespace StockActors.EndToEnd;

/// <summary>Whether <c>.ci/long</c> runs the tests: then at full count, and as prompt as was promised.</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("TESTS") == "long";

    /// <summary>How often, or how long.</summary>
    public static T Of<T>(T inTheGate, T inTheLongRun) => IsOn ? inTheLongRun : inTheGate;
}

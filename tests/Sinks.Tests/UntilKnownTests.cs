using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public class UntilKnownTests
{
    [Fact]
    public async Task A_put_that_nobody_answers_is_given_up_after_two_minutes_of_waiting_with_its_cause()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var puts = 0;
        var put = new UntilKnown(TimeSpan.FromMilliseconds(100), time).PutAsync(
            () =>
            {
                puts++;
                throw new OutcomeUnknownException("the gateway is away.");
            },
            default);
        while (await Task.WhenAny(put, time.ArmedAsync()) != put)
            time.Advance(TimeSpan.FromSeconds(10));

        var error = await Assert.ThrowsAsync<LakeException>(() => put);
        Assert.Contains("the gateway is away.", error.Message, StringComparison.Ordinal);

        // Seven that double to 10 s, and then between 5 and 10 s each until two minutes are over.
        Assert.InRange(puts, 18, 33);
    }
}

using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class PatienceTests
{
    private readonly ManualTime _time = new(RandomTicks.Now);
    private readonly List<string> _told = [];
    private readonly Patience _patience;

    public PatienceTests() => _patience = new Patience("S3", new AwsOptions { Address = "http://s3.test", Told = _told.Add }, _time);

    [Fact]
    public void A_service_that_does_not_answer_is_told_once_with_its_address_since_when_and_why_and_so_is_its_next_answer()
    {
        _patience.Begin();
        _patience.Begin();
        _patience.Failed("Connection refused.");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(_told);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["S3 at http://s3.test is waited for since 2026-01-07 12:00:00Z; the last error: Connection refused. It is asked again, and nothing is lost."], _told);

        _patience.Begin();
        _patience.Failed("Connection refused.");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_told);
        _patience.Answered();
        Assert.Equal("S3 at http://s3.test answers again, after 65 s.", _told[1]);

        // Another wait is another word.
        _patience.Begin();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, _told.Count);
        Assert.Contains("it has not answered", _told[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_answers_now_and_then_and_a_call_that_its_caller_gives_up_are_nothing_to_be_told_of()
    {
        for (var i = 0; i < 10; i++)
        {
            _patience.Begin();
            _patience.Begin();
            _time.Advance(TimeSpan.FromSeconds(4));
            _patience.Answered();
            _patience.Answered();
        }

        _patience.Begin();
        _patience.GivenUp();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_told);
    }
}

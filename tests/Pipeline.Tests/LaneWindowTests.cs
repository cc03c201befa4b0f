namespace StockActors.Pipeline.Tests;

public sealed class LaneWindowTests
{
    private readonly LaneWindow _window = new(100);

    [Fact]
    public void What_fits_goes_at_once() => Assert.True(Take(60).IsCompletedSuccessfully && Take(40).IsCompletedSuccessfully);

    [Fact]
    public async Task What_does_not_fit_waits_until_enough_is_given_back()
    {
        await Take(80);
        var waiting = Take(50);
        _window.Give(20);
        Assert.False(waiting.IsCompleted);
        _window.Give(10);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_is_larger_than_the_window_goes_when_it_is_empty()
    {
        await Take(1);
        var large = Take(1000);
        Assert.False(large.IsCompleted);
        _window.Give(1);
        await large.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_foreign_producers_bytes_do_not_make_the_window_larger()
    {
        _window.Give(1_000_000);
        await Take(100);
        Assert.False(Take(1).IsCompleted);
    }

    [Fact]
    public async Task Who_waits_can_give_up()
    {
        await Take(100);
        using var cancel = new CancellationTokenSource();
        var waiting = _window.TakeAsync(1, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task Take(long bytes) => _window.TakeAsync(bytes, CancellationToken.None);
}

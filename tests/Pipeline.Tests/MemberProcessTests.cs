using System.Diagnostics;

namespace StockActors.Pipeline.Tests;

public sealed class MemberProcessTests
{
    [Fact]
    public void A_client_id_names_the_process_again()
    {
        Assert.Equal(MemberProcess.Current, MemberProcess.Of(MemberProcess.Current.ClientId));
        Assert.Equal(new MemberProcess("host.of.dots-0a", 7, "99"), MemberProcess.Of("stockactors.host.of.dots-0a.7.99"));
    }

    [Theory]
    [InlineData("rdkafka")]
    [InlineData("stockactors")]
    [InlineData("stockactors.host.x.99")]
    [InlineData("other.host.7.99")]
    public void A_client_id_of_somebody_else_names_none(string clientId) => Assert.Null(MemberProcess.Of(clientId));

    [Fact]
    public void Only_a_process_of_this_place_that_is_gone_or_another_one_now_has_ended()
    {
        var here = MemberProcess.Current;
        Assert.False(here.HasEnded);
        Assert.True((here with { Started = "1" }).HasEnded);
        Assert.True((here with { Id = int.MaxValue }).HasEnded);
        Assert.False((here with { Id = int.MaxValue, Place = "elsewhere" }).HasEnded);
    }

    [Fact]
    public void A_process_has_ended_once_it_was_killed()
    {
        using var sleeping = Process.Start("sleep", "60");
        var process = MemberProcess.Running(sleeping.Id)!;
        Assert.False(process.HasEnded);

        sleeping.Kill();
        sleeping.WaitForExit();
        Assert.True(process.HasEnded);
    }
}

using System.Globalization;

namespace StockActors.EndToEnd;

/// <summary>What an operator sees of a running demo's symbols, from a process of its own.</summary>
public sealed class MarketControlTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_symbols_of_a_running_demo_are_shown_and_one_that_is_not_halted_is_not_resumed()
    {
        var demo = _cli.Start("demo", "--symbols", "7");
        var node = (await demo.SeeAsync("Control ")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await demo.SeeAsync("First ticks");

        var shown = await _cli.RunAsync("market", "show", "--node", node, "--json");
        var table = await _cli.RunAsync("market", "show", "--node", node);
        var trading = await _cli.RunAsync("market", "resume", "S003", "--node", node);
        var halted = await _cli.RunAsync("market", "halt", "S003", "--node", node);
        var again = await _cli.RunAsync("market", "resume", "S003", "--node", node);
        var news = await _cli.RunAsync("market", "shock", "S003", "--node", node, "--percent", "-2.5");
        var unknown = await _cli.RunAsync("market", "resume", "NONE", "--node", node);
        var elsewhere = await _cli.RunAsync("market", "show", "--node", "127.0.0.1:1");
        var nowhere = await _cli.RunAsync("market", "show");
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.True(shown.Exit == 0, shown.ToString());
        var symbols = shown.Json.GetProperty("lanes").EnumerateArray().SelectMany(lane => lane.GetProperty("markets").EnumerateArray()).ToList();
        Assert.Equal(Enumerable.Range(0, 7).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i:D3}")), symbols.Select(s => s.GetProperty("symbol").GetString()).Order());
        Assert.All(symbols, s => Assert.True(s.GetProperty("is_trading").GetBoolean()));
        Assert.Equal(7, table.Out.Split('\n').Count(line => line.EndsWith("trading", StringComparison.Ordinal)));
        Assert.StartsWith("S003 is halted from 2026-01-05T", halted.Out, StringComparison.Ordinal);
        Assert.StartsWith("S003 trades again from 2026-01-05T", again.Out, StringComparison.Ordinal);
        Assert.StartsWith("S003 is worth 2.5 % less from 2026-01-05T", news.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (halted.Exit, again.Exit, news.Exit));
        Fails(trading, "S003 was not resumed: it is not halted");
        Fails(unknown, "no such symbol");
        Fails(elsewhere, "'Control'");
        Assert.Equal(2, nowhere.Exit);
        Assert.Contains("'stockactors market show --help'", nowhere.Error, StringComparison.Ordinal);

        static void Fails(Cli.Run run, string why)
        {
            Assert.Equal(1, run.Exit);
            Assert.Contains(why, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        }
    }
}

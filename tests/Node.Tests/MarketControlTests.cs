using System.CommandLine;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using StockActors.Market;
using StockActors.Node.Commands;
using StockActors.Node.Markets;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Tests;

/// <summary>The command, as its user calls it, against a node's control; what lies behind the control is a probe.</summary>
public sealed class MarketControlTests() : TestKit(Remote, MarketHost.SystemName)
{
    private const string Remote = """
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        }
        """;

    private readonly MarketRun _run = new("run", 3, TradingDay.OnOrAfter(new DateOnly(2026, 1, 5)), 1, "ticks", 2, [.. Enumerable.Range(0, 4).Select(MarketSpec.Default)]);

    private string Node => $"127.0.0.1:{((ExtendedActorSystem)Sys).Provider.DefaultAddress.Port}";

    [Fact]
    public async Task A_halted_symbol_is_shown_as_such_and_resumed_through_its_lane()
    {
        Sys.ActorOf(MarketControl.Props(_run, [0, 1], TestActor), MarketControl.Name);

        var showing = RunAsync("market", "show", "--node", Node);
        for (var i = 0; i < 2; i++)
        {
            var lane = (await ExpectMsgAsync<LaneActor.Show>(TimeSpan.FromSeconds(30))).Lane;
            LastSender.Tell(new LaneActor.LaneShown(lane, _run.FirstDay.Open, [.. _run.MarketsOf(lane).Select(spec => spec.Symbol == "S001"
                ? new LaneActor.MarketShown(spec.Symbol, _run.FirstDay.Open, "fault")
                : new LaneActor.MarketShown(spec.Symbol, null, null))], null));
        }

        var shown = await showing;
        Assert.Equal((0, ""), (shown.Exit, shown.Error));
        Assert.Contains("halted since 2026-01-05T14:30:00.000000000Z: fault", Assert.Single(shown.Out.Split('\n'), line => line.StartsWith("S001", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(3, shown.Out.Split('\n').Count(line => line.EndsWith("trading", StringComparison.Ordinal)));

        var resuming = RunAsync("market", "resume", "S001", "--node", Node, "--id", "one");
        Assert.Equal(new LaneActor.Intervene(Lanes.Of("S001", 2), "S001", InterventionKind.Resume, "one"), await ExpectMsgAsync<LaneActor.Intervene>(TimeSpan.FromSeconds(30)));
        LastSender.Tell(new LaneActor.Done("S001", "one", _run.FirstDay.Open + UnixNanos.PerHour));
        var resumed = await resuming;
        Assert.Equal((0, "S001 trades again from 2026-01-05T15:30:00.000000000Z on (one)\n", ""), resumed);
    }

    [Fact]
    public async Task A_lane_that_does_not_answer_is_named_and_the_others_are_shown()
    {
        Sys.ActorOf(MarketControl.Props(_run, [0, 1], TestActor), MarketControl.Name);

        var showing = RunAsync("market", "show", "--node", Node, "--json");
        for (var i = 0; i < 2; i++)
        {
            if ((await ExpectMsgAsync<LaneActor.Show>(TimeSpan.FromSeconds(30))).Lane == 1)
                LastSender.Tell(new LaneActor.LaneShown(1, 7, [new("S000", null, null)], null));
        }

        var shown = await showing;
        Assert.Equal((0, ""), (shown.Exit, shown.Error));
        var lanes = JsonDocument.Parse(shown.Out).RootElement.GetProperty("lanes").EnumerateArray().ToList();
        Assert.Contains("does not answer", lanes[0].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, lanes[1].GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task What_cannot_be_done_is_an_error_that_says_what_to_do()
    {
        var before = await RunAsync("market", "show", "--node", Node);
        Assert.Equal(1, before.Exit);
        Assert.Contains("has not begun its run yet", before.Error, StringComparison.Ordinal);

        Sys.ActorOf(MarketControl.Props(_run, [0, 1], TestActor), MarketControl.Name);
        var unknown = await RunAsync("market", "resume", "NONE", "--node", Node);
        Assert.Equal((1, "error: NONE was not resumed: run run has no such symbol; 'stockactors market show' lists those it has.\n"), (unknown.Exit, unknown.Error));

        var resuming = RunAsync("market", "resume", "S001", "--node", Node);
        await ExpectMsgAsync<LaneActor.Intervene>(TimeSpan.FromSeconds(30));
        LastSender.Tell(new LaneActor.Refused("S001", "it is not halted, it trades"));
        var refused = await resuming;
        Assert.Equal((1, "error: S001 was not resumed: it is not halted, it trades.\n"), (refused.Exit, refused.Error));

        Assert.Equal(2, (await RunAsync("market", "resume", "S001", "--node", "nowhere")).Exit);
        Assert.Equal(2, (await RunAsync("market", "resume", "S001", "--node", Node, "--id", "a/b")).Exit);
    }

    private static async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();
        var exit = await new RootCommand { MarketCommand.Create() }.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = result, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        return (exit, $"{result}", $"{error}");
    }
}

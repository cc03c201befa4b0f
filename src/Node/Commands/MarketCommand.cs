using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Akka.Actor;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Node.Markets;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors market</c>: what a running demo's or cluster's symbols do, and what is to be done about it.</summary>
internal static partial class MarketCommand
{
    private static readonly TimeSpan ShowTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResumeTimeout = TimeSpan.FromSeconds(30);

    public static Command Create() => new("market",
        """
        The symbols of a running demo or cluster: what they do, and resuming those that are halted.

        A market that fails is restarted and caught up; one that fails again and again is halted, with a status record (halt, reason fault), and its
        lane goes on without it until it is resumed.
        """)
    {
        Show(),
        Resume(),
    };

    private static Command Show()
    {
        var node = Node();
        var json = Flags.Json("Print one JSON object; times are nanoseconds since 1970-01-01 UTC.");
        var command = new Command("show",
            """
            List the symbols with their lanes, the simulated time that is published, and whether they trade or are halted, since when and why.

            Example: stockactors market show --node 127.0.0.1:4053
            """)
        {
            node, json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => AskAsync(parsed.GetValue(node)!, async control =>
        {
            var shown = await control.Ask<MarketControl.Shown>(new MarketControl.Show(), ShowTimeout, context.Stop);
            if (parsed.GetValue(json))
                context.Out.WriteLine(ToJson(shown));
            else
                Write(shown, context.Out);
            return CommandHost.Ok;
        }, context.Stop)));
        return command;
    }

    private static Command Resume()
    {
        var symbol = new Argument<string>("SYMBOL") { Description = "The symbol." };
        var node = Node();
        var named = new Option<string?>("--id")
        {
            HelpName = "ID",
            Description = "Names this intervention, by 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-' (default: a fresh one). Asked again under the same id, it is done once and answered as the first time.",
        };
        var command = new Command("resume",
            """
            Let a halted symbol trade again, from the next step of simulated time on. It says so when the log has it. A symbol whose market fails again at once
            stays halted, and the answer says by what it failed.

            Example: stockactors market resume S003 --node 127.0.0.1:4053
            """)
        {
            symbol, node, named,
        };
        command.SetAction(CommandHost.Action((parsed, context) =>
        {
            var id = parsed.GetValue(named) ?? $"{Guid.NewGuid():N}";
            return IdForm().IsMatch(id)
                ? AskAsync(parsed.GetValue(node)!, control => ResumeAsync(context, control, parsed.GetValue(symbol)!, id), context.Stop)
                : throw new SettingsException([$"--id: '{id}' is none; write 1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'."]);
        }));
        return command;
    }

    private static async Task<int> ResumeAsync(CommandContext context, IActorRef control, string symbol, string id)
    {
        try
        {
            switch (await control.Ask<object>(new MarketControl.Resume(symbol, id), ResumeTimeout, context.Stop))
            {
                case LaneActor.Resumed resumed:
                    context.Out.WriteLine($"{resumed.Symbol} trades again from {UnixNanos.Format(resumed.Time)} on ({resumed.Id})");
                    return CommandHost.Ok;
                case LaneActor.Refused refused:
                    throw new CommandException($"{refused.Symbol} was not resumed: {refused.Why}.");
                case var other:
                    throw new CommandException($"The node answered with {other.GetType().Name}, which this version does not understand.");
            }
        }
        catch (AskTimeoutException)
        {
            throw new CommandException(
                $"The lane of {symbol} has not answered within {ResumeTimeout.TotalSeconds:0} s, and it may have been resumed or not. Ask again with --id {id}: that does it once.");
        }
    }

    private static Option<string> Node() => new("--node")
    {
        HelpName = "HOST:PORT",
        Description = "A node with the role market, or a demo, by the address that it prints as Control.",
        Required = true,
    };

    /// <summary>Finds the node's control, and asks it something.</summary>
    private static Task<int> AskAsync(string node, Func<IActorRef, Task<int>> ask, CancellationToken cancel) =>
        Operator.AskAsync(node, MarketControl.Name, (_, control) => ask(control), () => Nobody(node), cancel);

    private static CommandException Nobody(string node) => new(
        $"No markets answer at {node}: no demo or node with the role market is there, or it has not begun its run yet. It prints the address to use after 'Control'; host and port must be written as there.");

    private static void Write(MarketControl.Shown shown, TextWriter to)
    {
        to.WriteLine($"Run {shown.RunId}");
        to.WriteLine($"{"Symbol",-12} {"Lane",4}  {"Simulated time",-30}  State");
        foreach (var (lane, market) in shown.Lanes.SelectMany(lane => lane.Markets.Select(market => (lane, market))).OrderBy(m => m.market.Symbol, StringComparer.Ordinal))
        {
            var state = market.HaltedAt is { } since ? $"halted since {UnixNanos.Format(since)}: {market.Reason}" : lane.Problem is null ? "trading" : "stopped";
            to.WriteLine($"{market.Symbol,-12} {lane.Lane,4}  {(lane.Time > 0 ? UnixNanos.Format(lane.Time) : "-"),-30}  {state}");
        }

        foreach (var lane in shown.Lanes.Where(lane => lane.Problem is not null))
            to.WriteLine($"Lane {lane.Lane}: {lane.Problem}");
    }

    private static string ToJson(MarketControl.Shown shown) => JsonSerializer.Serialize(new
    {
        run = shown.RunId,
        lanes = shown.Lanes.Select(lane => new
        {
            lane = lane.Lane,
            time = lane.Time,
            problem = lane.Problem,
            markets = lane.Markets.Select(market => new
            {
                symbol = market.Symbol,
                is_trading = market.HaltedAt is null && lane.Problem is null,
                halted_at = market.HaltedAt,
                reason = market.Reason,
            }),
        }),
    });

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,64}$")]
    private static partial Regex IdForm();
}

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
    private static readonly TimeSpan InterveneTimeout = TimeSpan.FromSeconds(30);

    public static Command Create() => new("market",
        """
        The symbols of a running demo or cluster: what they do, and what an operator does to them: halt, resume, news.

        A market that fails is restarted and caught up; one that fails again and again is halted, with a status record (halt, reason fault), and its
        lane goes on without it until it is resumed.
        """)
    {
        Show(),
        Intervention(InterventionKind.Halt, "halt",
            """
            Stop a symbol's trading, from the next step of simulated time on and until it is resumed, however many days that is. It says so when the log has
            it: a status record (halt, reason operator). Its orders stand, and nothing happens to it.

            Example: stockactors market halt S003 --node 127.0.0.1:4053
            """),
        Intervention(InterventionKind.Resume, "resume",
            """
            Let a halted symbol trade again, from the next step of simulated time on. It says so when the log has it. A symbol whose market fails again at once
            stays halted, and the answer says by what it failed.

            Example: stockactors market resume S003 --node 127.0.0.1:4053
            """),
        Intervention(InterventionKind.Shock, "shock",
            """
            News: what a symbol is worth changes at once, from the next step of simulated time on; the traders who know take its price there, or into a
            halt at a limit. The feed says nothing of it. It says so when the log has it.

            Example: stockactors market shock S003 --percent -8 --node 127.0.0.1:4053
            """),
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

    private static Command Intervention(InterventionKind kind, string name, string description)
    {
        var symbol = new Argument<string>("SYMBOL") { Description = "The symbol." };
        var node = Node();
        var percent = new Option<decimal>("--percent") { HelpName = "N", Description = "By how much: -90 to 900, with up to four decimals.", Required = true };
        var named = new Option<string?>("--id")
        {
            HelpName = "ID",
            Description = "Names this intervention, by 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-' (default: a fresh one). Asked again under the same id, it is done once and answered as the first time.",
        };
        var command = new Command(name, description) { symbol, node, named };
        if (kind == InterventionKind.Shock)
            command.Add(percent);
        command.SetAction(CommandHost.Action((parsed, context) =>
        {
            var id = parsed.GetValue(named) ?? $"{Guid.NewGuid():N}";
            if (!IdForm().IsMatch(id))
                throw new SettingsException([$"--id: '{id}' is none; write 1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'."]);
            var asked = new MarketControl.Intervene(parsed.GetValue(symbol)!, kind, id, kind == InterventionKind.Shock ? SizeOf(parsed.GetValue(percent)) : 0);
            return AskAsync(parsed.GetValue(node)!, control => InterveneAsync(context, control, asked), context.Stop);
        }));
        return command;
    }

    private static long SizeOf(decimal percent)
    {
        const int perPercent = 10_000;
        var size = percent * perPercent;
        return size == decimal.Truncate(size) && size is >= Market.Intervention.LeastShock and <= Market.Intervention.LargestShock
            ? (long)size
            : throw new SettingsException([$"--percent: {percent} is not from -90 to 900 with up to four decimals."]);
    }

    private static async Task<int> InterveneAsync(CommandContext context, IActorRef control, MarketControl.Intervene asked)
    {
        try
        {
            switch (await control.Ask<object>(asked, InterveneTimeout, context.Stop))
            {
                case LaneActor.Done done:
                    context.Out.WriteLine($"{done.Symbol} {TickText.Deed(asked.Kind, asked.Size)} from {UnixNanos.Format(done.Time)} on ({done.Id})");
                    return CommandHost.Ok;
                case LaneActor.Refused refused:
                    throw new CommandException($"{refused.Symbol} was not {Participle(asked.Kind)}: {refused.Why}.");
                case var other:
                    throw new CommandException($"The node answered with {other.GetType().Name}, which this version does not understand.");
            }
        }
        catch (AskTimeoutException)
        {
            throw new CommandException(
                $"The lane of {asked.Symbol} has not answered within {InterveneTimeout.TotalSeconds:0} s, and it may have been {Participle(asked.Kind)} or not. Ask again with --id {asked.Id}: that does it once.");
        }
    }

    private static string Participle(InterventionKind kind) => kind switch
    {
        InterventionKind.Halt => "halted",
        InterventionKind.Resume => "resumed",
        _ => "shocked",
    };

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

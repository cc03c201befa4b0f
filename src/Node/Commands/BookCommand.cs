using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StockActors.Node.Configuration;
using StockActors.Simulator.Book;
using StockActors.Simulator.Book.Streams;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors book</c>: the order book alone, on a stream of orders.</summary>
internal static class BookCommand
{
    private const int Rounds = 5;
    private const int DefaultOrders = 1_000_000;
    private const int MostOrders = 10_000_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "A file of 24-byte little-endian records, gzip or not: op u8, side u8 (0 buy, 1 sell), zero u16, size i32, id i64, price i64.", Arity = ArgumentArity.ZeroOrOne };
        var made = new Option<string?>("--stream") { HelpName = string.Join('|', MadeStreams.Names), Description = "Instead of a file: a stream that the program makes, always the same one." };
        made.AcceptOnlyFromAmong([.. MadeStreams.Names]);
        var orders = new Option<int>("--orders") { HelpName = "N", Description = $"How many operations such a stream has (default {DefaultOrders:N0}).", DefaultValueFactory = _ => DefaultOrders };
        var json = Flags.Json("Print the figures as one JSON object.");
        var command = new Command("book",
            """
            Run a stream of orders through one order book: how many trades, what is left in the book, the outcome that any conforming book comes to, and
            the best of five rounds over the operations in memory, each on a new book, trades delivered inside the timed part.

            Operations: 1 limit, 2 limit immediate or cancel, 3 cancel, 4 move to a price (loses priority), 5 reduce (keeps it). On an order that no
            longer stands they do nothing. Outcome: the first 16 hex digits of SHA-256 over the lines "T taker maker price size" of all trades, then
            "B price volume orders" from the best bid down and "A price volume orders" from the best offer up.

            Example: stockactors book --stream deep
            """)
        {
            file, made, orders, json,
        };
        command.SetAction(CommandHost.Action((parsed, context) =>
            Task.FromResult(Run(context, StreamOf(parsed.GetValue(file), parsed.GetValue(made), parsed.GetValue(orders)), parsed.GetValue(json)))));
        return command;
    }

    private static OrderStream StreamOf(string? file, string? made, int orders)
    {
        if (file is null == made is null)
            throw new SettingsException([$"book: name one stream, a FILE or --stream {string.Join('|', MadeStreams.Names)}."]);
        if (orders is < 1 or > MostOrders)
            throw new SettingsException([$"--orders: {orders} is not from 1 to {MostOrders:N0}."]);
        return file is not null ? OrderStream.Read(file) : MadeStreams.Make(made!, orders);
    }

    private static int Run(CommandContext context, OrderStream stream, bool json)
    {
        var outcome = StreamOutcome.Of(stream);
        var trades = new Execution[outcome.Trades];
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < WarmUp;)
            Round(stream, trades);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            context.Stop.ThrowIfCancellationRequested();
            var elapsed = Round(stream, trades);
            best = elapsed < best ? elapsed : best;
        }

        var speed = stream.Operations.Length / best.TotalSeconds;
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(new
            {
                stream = stream.Name,
                operations = stream.Operations.Length,
                trades = outcome.Trades,
                bid_levels = outcome.BidLevels,
                ask_levels = outcome.AskLevels,
                outcome = outcome.Hash,
                orders_per_second = Math.Round(speed),
            }));
            return CommandHost.Ok;
        }

        context.Out.WriteLine($"Stream   {stream.Name}: {stream.Operations.Length:N0} operations");
        context.Out.WriteLine($"Trades   {outcome.Trades:N0}");
        context.Out.WriteLine($"Levels   {outcome.BidLevels:N0} bid + {outcome.AskLevels:N0} ask");
        context.Out.WriteLine($"Outcome  {outcome.Hash}");
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Speed    {speed / 1e6:N2} M orders/s (best of {Rounds} rounds)"));
        return CommandHost.Ok;
    }

    private static TimeSpan Round(OrderStream stream, Execution[] trades)
    {
        var book = new OrderBook();
        var sink = new Delivery(trades);
        var started = TimeProvider.System.GetTimestamp();
        stream.Play(book, ref sink);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private struct Delivery(Execution[] trades) : IExecutionSink
    {
        private int _count;

        public void Executing(in Execution execution) => trades[_count++] = execution;

        public readonly void Cancelling(in StandingOrder order)
        {
        }
    }
}

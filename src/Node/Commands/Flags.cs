using System.CommandLine;
using StockActors.Simulator.Scenarios;

namespace StockActors.Node.Commands;

/// <summary>The flags that several commands share, made anew for each.</summary>
internal static class Flags
{
    public static SettingFlag Lake() => new("--lake", "Lake:Location", "DIR|s3://BUCKET/PREFIX", "The lake: a directory, or a place in a bucket that exists (default ./lake).");

    public static SettingFlag Database() => new("--database", "Lake:Database", "NAME", "The Glue database of a lake on S3 (default: the one that the lake has, or else one named after it).");

    public static SettingFlag Topic() => new("--topic", "Kafka:Topic", "NAME", "The topic of the ticks (default ticks).");

    public static SettingFlag Lanes() => new("--lanes", "Kafka:Lanes", "N", "Partitions the topic is made with where it is absent (default 4).");

    public static SettingFlag Run() => new("--run", "Market:Run", "NAME", "The run's name; on a real Kafka a run that was started before goes on where it stopped; on the embedded broker every start is a new run.");

    public static SettingFlag Prefix() => new("--prefix", "Publish:Prefix", "NAME", "First part of the transactional ids (default stockactors): runs that publish to one topic at the same time have prefixes of their own.");

    public static SettingFlag Symbols() => new("--symbols", "Market:Symbols", "N", "How many symbols (default 20).");

    public static SettingFlag Scenario() => new("--scenario", "Market:Scenario", "NAME|FILE", $"What is simulated: {string.Join(", ", ScenarioFile.Names)}, or a JSON file (docs/scenarios.md; default calm).");

    public static SettingFlag Seed() => new("--seed", "Market:Seed", "N", "The same seed gives the same ticks (default 1).");

    public static SettingFlag Speed() => new("--speed", "Market:Speed", "1x|60x|max", "Simulated seconds in a second (default 60x).");

    public static SettingFlag Level(string where = "in TOPIC.orders and the table orders") => new("--level", "Market:Level", "1|3", $"1: trades, quotes and status (default). 3: also every order's add, modify, cancel and execute, {where}.");

    public static SettingFlag Truth() => new("--truth", "Market:Truth", "Also tell what is simulated and what was really so in it (docs/scenarios.md#the-truth), in TOPIC.truth and the tables runs and truth.");

    public static SettingFlag Start() => new("--start", "Market:Start", "DATE|today", "The first exchange day (default 2026-01-05).");

    public static SettingFlag Roles(string otherwise) => new("--roles", "Cluster:Roles", "ROLE,…", $"What this process does: market, ingest, analytics (default: {otherwise}).");

    public static SettingFlag Wire() => new("--wire", "Publish:Wire", "protobuf|json", "How ticks are written (default protobuf).");

    public static SettingFlag FlushInterval() => new("--flush-interval", "Ingest:FlushInterval", "TIME", "Age at which what was read is written to the lake (default 5s).");

    public static Option<string?> Engine(string description)
    {
        var engine = new Option<string?>("--engine") { HelpName = $"{Queries.DuckDb}|{Queries.Athena}", Description = description };
        engine.AcceptOnlyFromAmong(Queries.DuckDb, Queries.Athena);
        return engine;
    }

    public static SettingFlag MemoryBudget() => new("--memory-budget", "Ingest:MemoryBudgetMb", "MB", "Megabytes that the lanes of ingest hold together: beyond that the largest is written first (default 80).");

    public static Option<string[]> Kafka() => new("--kafka")
    {
        HelpName = "KEY=VALUE",
        Description = "A librdkafka property for every Kafka client, such as security.protocol=SSL. Repeat it for more.",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>A lane is no negative number.</summary>
    public static void NotNegative(System.CommandLine.Parsing.OptionResult option)
    {
        if (option.Tokens.Count == 1 && int.TryParse(option.Tokens[0].Value, out var number) && number < 0)
            option.AddError($"{option.Option.Name}: {number} is no lane; they count from 0.");
    }

    public static SettingFlag Jobs() => new("--jobs", "Analytics:Jobs", "FILE", "The file of the jobs (default: those that come with the program).");

    public static Option<bool> Compact(string when) => new("--compact") { Description = when };

    public static Option<bool> Json(string what) => new("--json") { Description = what };
}

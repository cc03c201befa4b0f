using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace StockActors.EndToEnd;

/// <summary>The executable on a real Kafka.</summary>
[Collection(StackCollection.Name)]
public sealed class KafkaTests(Stack stack) : IDisposable
{
    private readonly Cli _cli = new(stack.Kafka);
    private const string Gaps =
        """
        select symbol from (select symbol, sequence from trades union all select symbol, sequence from quotes union all select symbol, sequence from status)
        group by symbol having min(sequence) <> 1 or max(sequence) <> count(*) or count(distinct sequence) <> count(*)
        """;

    private readonly string _topic = $"e2e-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_demo_balances_and_its_records_lie_where_a_Java_producer_puts_their_keys()
    {
        var run = await _cli.RunAsync("demo", "--topic", _topic, "--duration", "4s", "--symbols", "40", "--json");
        Assert.True(run.Exit == 0, run.ToString());
        Assert.True(run.Json.GetProperty("balance").GetProperty("balanced").GetBoolean(), run.ToString());

        var ours = await KeysAndPartitionsAsync(_topic);
        Assert.Equal(40, ours.Count);

        // The judge is Kafka's own producer: the same keys through its console.
        var java = _topic + "-java";
        await Stack.RunAsync("kafka", "topics", "--create", "--topic", java, "--partitions", "4");
        await Stack.FeedAsync(string.Concat(ours.Keys.Select(key => $"{key}\tx\n")),
            "kafka", "console-producer", "--topic", java, "--property", "parse.key=true", "--property", "key.separator=\t");
        Assert.Equal(await KeysAndPartitionsAsync(java), ours);
    }

    [StackFact]
    public async Task A_run_that_is_started_again_goes_on_where_it_stopped_and_both_starts_balance()
    {
        var first = await _cli.RunAsync("demo", "--topic", _topic, "--duration", "3s", "--symbols", "6", "--json");
        var second = await _cli.RunAsync("demo", "--topic", _topic, "--duration", "3s", "--symbols", "6", "--json");

        Assert.True(first.Exit == 0, first.ToString());
        Assert.True(second.Exit == 0, second.ToString());
        Assert.Equal(first.Json.GetProperty("run").GetString(), second.Json.GetProperty("run").GetString());
        Assert.Empty(await _cli.QueryAsync(Gaps));
        var rows = Assert.Single(await _cli.QueryAsync("select (select count(*) from trades) + (select count(*) from quotes) + (select count(*) from status) n"))["n"].GetInt64();
        Assert.Equal(rows, All(first) + All(second));
    }

    [StackFact]
    public async Task A_run_that_is_killed_again_and_again_has_every_sequence_once()
    {
        for (var life = 0; life < LongRun.Of(2, 8); life++)
        {
            var demo = _cli.Start("demo", "--topic", _topic, "--symbols", "10", "--speed", "max", "--flush-interval", "500ms");
            await demo.SeeAsync("First ticks");
            demo.Signal("KILL");
            await demo.EndAsync();
        }

        var last = await _cli.RunAsync("demo", "--topic", _topic, "--symbols", "10", "--speed", "max", "--duration", "3s");

        Assert.True(last.Exit == 0, last.ToString());
        Assert.Empty(await _cli.QueryAsync(Gaps));
    }

    [StackFact]
    public async Task Ingests_that_join_leave_and_are_killed_while_records_are_in_flight_bring_each_row_into_the_lake_once()
    {
        var demo = _cli.Start("demo", "--roles", "market", "--topic", _topic, "--symbols", "12", "--speed", "600x");
        await demo.SeeAsync("First ticks");
        var first = Ingest();
        await first.SeeAsync("rows", HasRows);
        var second = Ingest();
        var third = Ingest();
        await second.SeeAsync("rows", HasRows);
        await third.SeeAsync("rows", HasRows);
        first.Signal("KILL");
        second.Interrupt();
        var left = await second.EndAsync();
        Assert.True(left.Exit == 0, left.ToString());
        demo.Interrupt();
        var published = await demo.EndAsync();
        Assert.True(published.Exit == 0, published.ToString());
        third.Interrupt();
        left = await third.EndAsync();
        Assert.True(left.Exit == 0, left.ToString());

        // Whatever the three have left undone.
        var rest = await _cli.RunAsync("ingest", "--topic", _topic, "--until-caught-up");

        Assert.True(rest.Exit == 0, rest.ToString());
        Assert.Empty(await _cli.QueryAsync(Gaps));
        var rows = Assert.Single(await _cli.QueryAsync("select (select count(*) from trades) + (select count(*) from quotes) + (select count(*) from status) n"))["n"].GetInt64();
        Assert.Contains($"{rows:N0}", published.Out, StringComparison.Ordinal);

        Cli.Running Ingest() => _cli.Start("ingest", "--topic", _topic, "--flush-interval", "500ms");

        static bool HasRows(string line) => Regex.IsMatch(line, "^ *[1-9][0-9,]* rows in");
    }

    [StackFact]
    public async Task A_second_lake_of_the_same_topic_gets_the_same_rows_and_a_second_ingest_nothing_more()
    {
        var demo = await _cli.RunAsync("demo", "--topic", _topic, "--duration", "3s", "--json");
        Assert.True(demo.Exit == 0, demo.ToString());

        var once = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", "other", "--until-caught-up", "--json");
        var again = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", "other", "--until-caught-up", "--json");

        Assert.True(once.Exit == 0, once.ToString());
        Assert.True(again.Exit == 0, again.ToString());
        Assert.Equal(All(demo), once.Json.GetProperty("rows").GetInt64());
        Assert.Equal(0, again.Json.GetProperty("rows").GetInt64());
        const string sum = "select count(*)::bigint n, sum(price * size)::varchar v, sum(sequence)::varchar s from trades";
        var here = await _cli.RunAsync("query", sum, "--format", "csv");
        var there = await _cli.RunAsync("query", sum, "--format", "csv", "--lake", "other");
        Assert.Equal(here.Out, there.Out);
    }

    [StackFact]
    public async Task What_foreign_producers_write_is_taken_and_what_cannot_be_read_is_dead_lettered_with_reason_lane_and_offset()
    {
        await Stack.RunAsync("kafka", "topics", "--create", "--topic", _topic, "--partitions", "2");
        var rows = new[]
        {
            """{"Index":"HSI","Date":"1986-12-31","Open":2568.300049,"High":2568.300049,"Low":2568.300049,"Close":2568.300049,"Adj Close":2568.300049,"Volume":0.0,"CloseUSD":333.87900637}""",
            """{"symbol":"S032","ts":1763388000000,"sequence":1,"price":426.16,"size":800,"side":"A","venue":"XSIM","trade_id":1}""",
            """{"symbol":"S032","ts":17633880000""",
            "not a record at all",
        };
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = stack.Kafka }).Build())
        {
            foreach (var row in rows)
                await producer.ProduceAsync(new TopicPartition(_topic, 1), new Message<string, string> { Key = "foreign", Value = row });
        }

        var run = await _cli.RunAsync("ingest", "--topic", _topic, "--until-caught-up", "--json");

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Equal(2, run.Json.GetProperty("rows").GetInt64());
        Assert.Equal(2, run.Json.GetProperty("dead").GetInt64());
        var bar = Assert.Single(await _cli.QueryAsync("select symbol, interval, dt, source, close, close_usd from bars"));
        Assert.Equal("HSI 1d 1986 external", $"{bar["symbol"]} {bar["interval"]} {bar["dt"]} {bar["source"]}");
        Assert.Equal(333.87900637m, bar["close_usd"].GetDecimal());
        var trade = Assert.Single(await _cli.QueryAsync("select price, size, side, ts_event, run_id, dt, hour from trades"));
        Assert.Equal((426.16m, 800L, "A", 1763388000000000000L), (trade["price"].GetDecimal(), trade["size"].GetInt64(), trade["side"].GetString(), trade["ts_event"].GetInt64()));

        var dead = ReadAll(_topic + ".dead", 2);
        Assert.Equal(["2", "3"], dead.Select(d => Header(d, "offset")).Order());
        Assert.All(dead, d => Assert.Equal("1", Header(d, "lane")));
        Assert.All(dead, d => Assert.False(string.IsNullOrWhiteSpace(Header(d, "reason"))));
        Assert.Equal(rows[2], dead.Single(d => Header(d, "offset") == "2").Message.Value);

        static string Header(ConsumeResult<string, string> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));
    }

    [StackFact]
    public async Task A_replay_on_a_real_Kafka_balances_and_its_JSON_is_what_the_console_consumer_shows()
    {
        var run = await _cli.RunAsync("replay", Cli.Sample, "--topic", _topic, "--wire", "json", "--json");
        Assert.True(run.Exit == 0, run.ToString());

        var shown = await Stack.RunAsync("kafka", "console-consumer", "--topic", _topic, "--from-beginning", "--timeout-ms", "5000", "--isolation-level", "read_committed");

        Assert.Equal(All(run), shown.Split('\n').Count(line => line.StartsWith('{') && line.Contains("\"kind\":\"bar\"", StringComparison.Ordinal)));
    }

    [StackFact]
    public async Task Lanes_that_differ_from_the_topics_partitions_and_a_topic_that_is_not_there_are_named_errors()
    {
        await Stack.RunAsync("kafka", "topics", "--create", "--topic", _topic, "--partitions", "2");

        var lanes = await _cli.RunAsync("demo", "--topic", _topic, "--lanes", "3", "--duration", "1s");
        var absent = await _cli.RunAsync("ingest", "--topic", _topic + "-absent", "--until-caught-up");

        Assert.Equal(1, lanes.Exit);
        Assert.Matches("2 partitions.*--lanes asks for 3", lanes.Error);
        Assert.Equal(1, absent.Exit);
        Assert.Contains(_topic + "-absent", absent.Error, StringComparison.Ordinal);
    }

    private static long All(Cli.Run run) => run.Json.GetProperty("balance").GetProperty("sql").GetProperty("all").GetInt64();

    private static async Task<SortedDictionary<string, int>> KeysAndPartitionsAsync(string topic)
    {
        var shown = await Stack.RunAsync("kafka", "console-consumer", "--topic", topic, "--from-beginning", "--timeout-ms", "5000",
            "--property", "print.partition=true", "--property", "print.key=true", "--property", "print.value=false");
        var places = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (Match match in Regex.Matches(shown, @"^Partition:(\d+)\s+(\S+)", RegexOptions.Multiline))
        {
            var partition = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.True(places.TryAdd(match.Groups[2].Value, partition) || places[match.Groups[2].Value] == partition, $"{match.Groups[2].Value} lies in two partitions");
        }

        return places;
    }

    private List<ConsumeResult<string, string>> ReadAll(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = stack.Kafka,
            GroupId = topic,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe(topic);
        var records = new List<ConsumeResult<string, string>>();
        while (records.Count < count && consumer.Consume(TimeSpan.FromSeconds(20)) is { } record)
            records.Add(record);
        consumer.Close();
        return records;
    }
}

using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

public sealed class KafkaLogTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    [Fact]
    public async Task A_topic_is_made_with_the_lanes_asked_for_and_with_its_progress_and_dead_letters()
    {
        var topic = await log.TopicAsync(lanes: 7);

        Assert.Equal(7, topic.Lanes);
        Assert.Equal(7, (await log.Log.RequireAsync(KafkaLog.ProgressOf(topic.Name), CancellationToken.None)).Lanes);
        Assert.Equal(7, (await log.Log.RequireAsync(KafkaLog.DeadOf(topic.Name), CancellationToken.None)).Lanes);
        Assert.Equal(topic, await log.Log.EnsureAsync(topic.Name, null, CancellationToken.None));
    }

    [Fact]
    public async Task Other_lanes_than_the_topic_has_are_an_error_that_says_both()
    {
        var topic = await log.TopicAsync(lanes: 2);

        var error = await Assert.ThrowsAsync<LogException>(() => log.Log.EnsureAsync(topic.Name, 5, CancellationToken.None));

        Assert.Contains("has 2 partitions", error.Message, StringComparison.Ordinal);
        Assert.Contains("asks for 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_client_of_an_embedded_broker_sees_the_same_topic_id_and_another_life_has_another()
    {
        var topic = await log.TopicAsync(lanes: 1);
        using var stranger = await KafkaLog.ConnectAsync(log.Kafka, null, CancellationToken.None);
        using var other = EmbeddedBroker.Start();
        using var otherLog = await KafkaLog.ConnectAsync(new KafkaSettings(other.BootstrapServers, new Dictionary<string, string>()), other, CancellationToken.None);

        Assert.Equal(topic.Id, (await stranger.RequireAsync(topic.Name, CancellationToken.None)).Id);
        Assert.Matches("^[0-9a-f]{32}$", topic.Id);
        Assert.NotEqual(topic.Id, (await otherLog.EnsureAsync(topic.Name, 1, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_named()
    {
        Assert.Null(await log.Log.FindAsync("nowhere", CancellationToken.None));
        var error = await Assert.ThrowsAsync<LogException>(() => log.Log.RequireAsync("nowhere", CancellationToken.None));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_after_the_time_it_was_given()
    {
        var settings = new KafkaSettings("127.0.0.1:9", new Dictionary<string, string>()) { ConnectTimeout = TimeSpan.FromMilliseconds(500) };

        var error = await Assert.ThrowsAsync<LogException>(() => KafkaLog.ConnectAsync(settings, null, CancellationToken.None));

        Assert.Contains("127.0.0.1:9", error.Message, StringComparison.Ordinal);
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_the_client_does_not_know_is_named()
    {
        var settings = new KafkaSettings(log.Kafka.BootstrapServers, new Dictionary<string, string> { ["no.such.property"] = "1" });

        var error = await Assert.ThrowsAsync<LogException>(() => KafkaLog.ConnectAsync(settings, null, CancellationToken.None));

        Assert.Contains("no.such.property", error.Message, StringComparison.Ordinal);
    }
}

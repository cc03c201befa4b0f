using StockActors.Market.Wire;
using StockActors.Node.Configuration;

namespace StockActors.Node.Tests;

public sealed class SettingsTests : IDisposable
{
    private static readonly Dictionary<string, string?> NoFlags = [];

    private readonly string _directory = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Every_part_binds_from_file_environment_and_flags_and_the_later_wins()
    {
        Write("""
            {
              "Kafka": { "Topic": "from-file", "ConnectTimeout": "3s", "Properties": { "security.protocol": "SSL", "client.id": "file" } },
              "Market": { "Symbols": 5, "Speed": "max", "Start": "today" },
              "Publish": { "Wire": "json", "MaxTransactionAge": "250ms" },
              "Ingest": { "FlushInterval": "00:00:07", "FlushBytes": 100000 },
              "Cluster": { "Port": 4053 }
            }
            """);
        var settings = Load(
            new() { ["Market:Symbols"] = "9" },
            new() { ["STOCKACTORS_MARKET__SYMBOLS"] = "7", ["STOCKACTORS_MARKET__SEED"] = "42", ["KAFKA_BOOTSTRAP_SERVERS"] = "a:1,b:2", ["STOCKACTORS_KAFKA__PROPERTIES__client.id"] = "environment", ["PATH"] = "/bin" });

        Assert.Equal(9, settings.Market.Symbols);
        Assert.Equal(42, settings.Market.Seed);
        Assert.Null(settings.Market.Speed.Factor);
        Assert.Equal("a:1,b:2", settings.Kafka.BootstrapServers);
        Assert.Equal("from-file", settings.Kafka.Topic);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Kafka.ConnectTimeout.Span);
        Assert.Equal("SSL", settings.Kafka.Properties["security.protocol"]);
        Assert.Equal("environment", settings.Kafka.Properties["client.id"]);
        Assert.Equal(WireFormat.Json, settings.Publish.Wire);
        Assert.Equal(TimeSpan.FromMilliseconds(250), settings.Publish.MaxTransactionAge.Span);
        Assert.Equal(TimeSpan.FromSeconds(7), settings.Ingest.FlushInterval.Span);
        Assert.Equal(4053, settings.Cluster.Port);
    }

    [Fact]
    public void The_settings_that_ship_are_valid() => Assert.Equal(20, Load().Market.Symbols);

    [Theory]
    [InlineData("""{ "Market": { "Simbols": 3 } }""", "Market:Simbols", "Symbols")]
    [InlineData("""{ "Markt": { "Symbols": 3 } }""", "Markt", "Market")]
    [InlineData("""{ "Market": { "Symbols": "many" } }""", "Market:Symbols", "'many'")]
    [InlineData("""{ "Market": { "Symbols": 0 } }""", "Market:Symbols", "'0'")]
    [InlineData("""{ "Market": { "Speed": "warp" } }""", "Market:Speed", "60x")]
    [InlineData("""{ "Market": { "Start": "soon" } }""", "Market:Start", "2026-01-05")]
    [InlineData("""{ "Publish": { "Wire": "xml" } }""", "Publish:Wire", "Protobuf")]
    [InlineData("""{ "Ingest": { "FlushInterval": "5 parsecs" } }""", "Ingest:FlushInterval", "30s")]
    [InlineData("""{ "Kafka": { "Topic": "a b" } }""", "Kafka:Topic", "'a b'")]
    [InlineData("""{ "Market": 5 }""", "Market", "section")]
    [InlineData("""{ "Market": { """, "appsettings.json", "JSON")]
    public void What_is_unknown_or_wrong_is_named(string file, string named, string hint)
    {
        Write(file);

        var error = Assert.Throws<SettingsException>(() => Load());

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_at_once_with_where_they_stand()
    {
        Write("""{ "Market": { "Simbols": 3 } }""");

        var error = Assert.Throws<SettingsException>(() => Load(environment: new() { ["STOCKACTORS_LAKE__PLACE"] = "x" }));

        Assert.Collection(error.Errors,
            one => Assert.StartsWith(Path.Combine(_directory, "appsettings.json"), one, StringComparison.Ordinal),
            two => Assert.Contains("environment", two, StringComparison.Ordinal));
    }

    private NodeSettings Load(Dictionary<string, string?>? flags = null, Dictionary<string, string>? environment = null) =>
        NodeSettings.Load(flags ?? NoFlags, environment ?? [], _directory);

    private void Write(string json) => File.WriteAllText(Path.Combine(_directory, NodeSettings.FileName), json);
}

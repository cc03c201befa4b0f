using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace StockActors.Node.Configuration;

/// <summary>
/// All configuration of this node, one options class a part. Later sources win: <c>appsettings.json</c> beside the executable, then in the working
/// directory, <c>STOCKACTORS_SECTION__KEY</c>, the standard <c>KAFKA_BOOTSTRAP_SERVERS</c>, flags. Everything is checked before anything starts.
/// </summary>
public sealed class NodeSettings
{
    /// <summary>The file that is read beside the executable and in the working directory.</summary>
    public const string FileName = "appsettings.json";

    /// <summary>The prefix of environment variables.</summary>
    public const string EnvironmentPrefix = "STOCKACTORS_";

    /// <summary>The log.</summary>
    public KafkaOptions Kafka { get; set; } = new();

    /// <summary>What is simulated.</summary>
    public MarketOptions Market { get; set; } = new();

    /// <summary>How ticks go to the log.</summary>
    public PublishOptions Publish { get; set; } = new();

    /// <summary>Where the ticks are kept.</summary>
    public LakeOptions Lake { get; set; } = new();

    /// <summary>When what has been read becomes an epoch.</summary>
    public IngestOptions Ingest { get; set; } = new();

    /// <summary>Who answers SQL.</summary>
    public AnalyticsOptions Analytics { get; set; } = new();

    /// <summary>This node among others.</summary>
    public ClusterOptions Cluster { get; set; } = new();

    /// <summary>Reads and checks everything.</summary>
    /// <param name="flags">What flags say, as <c>Section:Key</c>.</param>
    /// <param name="environment">The environment; that of the process where <c>null</c>.</param>
    /// <param name="directory">Where a second <c>appsettings.json</c> may stand; the working directory where <c>null</c>.</param>
    /// <exception cref="SettingsException">An unknown key or a wrong value; the message names each.</exception>
    public static NodeSettings Load(IReadOnlyDictionary<string, string?> flags, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        environment ??= Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");
        var sources = new (string Name, Action<IConfigurationBuilder> Add)[]
        {
            (Path.Combine(AppContext.BaseDirectory, FileName), b => b.AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true)),
            (Path.Combine(directory ?? Environment.CurrentDirectory, FileName), b => b.AddJsonFile(Path.Combine(directory ?? Environment.CurrentDirectory, FileName), optional: true)),
            ("the environment (STOCKACTORS_…)", b => b.AddInMemoryCollection(Own(environment))),
            ("KAFKA_BOOTSTRAP_SERVERS", b => b.AddInMemoryCollection(Standard(environment))),
            ("the command line", b => b.AddInMemoryCollection(flags)),
        };
        var settings = new NodeSettings();
        var errors = new List<string>();
        var merged = new ConfigurationBuilder();
        foreach (var (name, add) in sources)
        {
            try
            {
                var one = new ConfigurationBuilder();
                add(one);
                var root = one.Build();
                errors.AddRange(Check(root, name));
                merged.AddConfiguration(root);
            }
            catch (InvalidDataException e)
            {
                throw new SettingsException([$"{name} is no valid JSON: {e.InnerException?.Message ?? e.Message}"]);
            }
        }

        if (errors.Count > 0)
            throw new SettingsException(errors);
        merged.Build().Bind(settings);
        errors.AddRange(Parts.SelectMany(part => Validate(part.Name, part.GetValue(settings)!)));
        return errors.Count > 0 ? throw new SettingsException(errors) : settings;
    }

    private static IEnumerable<PropertyInfo> Parts => typeof(NodeSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static Dictionary<string, string?> Own(IReadOnlyDictionary<string, string> environment) => environment
        .Where(e => e.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(e => e.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), e => (string?)e.Value, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string?> Standard(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("KAFKA_BOOTSTRAP_SERVERS", out var servers) && servers.Length > 0
            ? new() { ["Kafka:BootstrapServers"] = servers }
            : [];

    /// <summary>One source by itself, so that an error can say where it stands.</summary>
    private static IEnumerable<string> Check(IConfigurationRoot source, string name)
    {
        foreach (var section in source.GetChildren())
        {
            if (Parts.FirstOrDefault(p => p.Name.Equals(section.Key, StringComparison.OrdinalIgnoreCase)) is not { } part)
            {
                yield return $"{name}: there is no section '{section.Key}'; there are {string.Join(", ", Parts.Select(p => p.Name))}.";
                continue;
            }

            var keys = part.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance);
            if (section.Value is not null && !section.GetChildren().Any())
                yield return $"{name}: '{section.Key}' is a section; write {part.Name}:KEY, one of {string.Join(", ", keys.Select(k => k.Name))}.";
            foreach (var setting in section.GetChildren())
            {
                if (keys.FirstOrDefault(k => k.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) is not { } key)
                    yield return $"{name}: there is no setting '{part.Name}:{setting.Key}'; there are {string.Join(", ", keys.Select(k => k.Name))}.";
                else if (WrongValue(setting, key.PropertyType) is { } wrong)
                    yield return $"{name}: {part.Name}:{key.Name}: {wrong}";
            }
        }
    }

    private static string? WrongValue(IConfigurationSection setting, Type type)
    {
        try
        {
            if (setting.Value is not null || !setting.GetChildren().Any())
                setting.Get(type);
            return null;
        }
        catch (InvalidOperationException e)
        {
            var target = Nullable.GetUnderlyingType(type) ?? type;
            return e.InnerException switch
            {
                FormatException own when target == typeof(Duration) || target == typeof(Speed) => own.Message,
                _ when target.IsEnum => $"'{setting.Value}' is none of {string.Join(", ", Enum.GetNames(target))}.",
                _ => $"'{setting.Value}' is no {(target == typeof(int) || target == typeof(long) ? "whole number in range" : target.Name)}.",
            };
        }
    }

    private static IEnumerable<string> Validate(string part, object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(r =>
        {
            var key = r.MemberNames.FirstOrDefault();
            return $"{part}:{key}: {r.ErrorMessage} It is '{options.GetType().GetProperty(key ?? "")?.GetValue(options)}'.";
        });
    }
}

using System.CommandLine;

namespace StockActors.Node.Commands;

/// <summary>A flag that sets one key of the configuration, for this call.</summary>
internal sealed class SettingFlag : Option<string?>
{
    public SettingFlag(string name, string key, string? valueName, string description)
        : base(name)
    {
        Key = key;
        HelpName = valueName;
        Description = description;
    }

    /// <summary>Makes a flag that takes no value and sets its key to <c>true</c>.</summary>
    public SettingFlag(string name, string key, string description)
        : this(name, key, null, description) => Arity = ArgumentArity.Zero;

    /// <summary>The key, <c>Section:Key</c>.</summary>
    public string Key { get; }
}

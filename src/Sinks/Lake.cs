using System.Security.Cryptography;
using System.Text;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>
/// The lake: objects, and a catalogue of where the tables' partitions lie. One value serves all lanes and readers of a process.
/// </summary>
public sealed class Lake
{
    private readonly Func<IRowFormat> _rowFormat;

    internal Lake(string location, IObjectStore objects, ICatalogue catalogue, Func<IRowFormat>? rowFormat = null) =>
        (Location, Objects, Catalogue, _rowFormat) = (location, objects, catalogue, rowFormat ?? (() => new ParquetEncoder()));

    /// <summary>Where it is: an absolute path.</summary>
    public string Location { get; }

    /// <summary>A name that no other location has: its last folder and a digest of the whole.</summary>
    public string Name => $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Location))}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Location)).AsSpan(0, 4))}";

    internal IObjectStore Objects { get; }

    internal ICatalogue Catalogue { get; }

    /// <summary>How rows lie in this lake's data objects, for one writer.</summary>
    internal IRowFormat NewRowFormat() => _rowFormat();

    /// <summary>Opens a lake, creating it where it is absent.</summary>
    /// <param name="location">A directory.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="LakeException">The location can't be used; the message says why and what to do.</exception>
    public static Lake Open(string location, TimeProvider? time = null)
    {
        if (location.Contains("://", StringComparison.Ordinal))
            throw new LakeException($"The lake {location} is no directory: lakes on S3 come with a later version. Name a local directory.");
        var store = new DirectoryStore(location, time ?? TimeProvider.System);
        return new Lake(Path.GetFullPath(location), store, new DirectoryCatalogue(store));
    }
}

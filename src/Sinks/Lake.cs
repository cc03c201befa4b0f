using System.Security.Cryptography;
using System.Text;
using Amazon.Glue;
using Amazon.Runtime;
using Amazon.S3;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>
/// The lake: objects, and a catalogue of where the tables' partitions lie. One value serves all lanes and readers of a process.
/// </summary>
public sealed class Lake
{
    private const string S3Scheme = "s3://";

    private readonly Func<IRowFormat> _rowFormat;

    internal Lake(string location, IObjectStore objects, ICatalogue catalogue, Func<IRowFormat>? rowFormat = null) =>
        (Location, Objects, Catalogue, _rowFormat) = (location, objects, catalogue, rowFormat ?? (() => new ParquetEncoder()));

    /// <summary>Where it is: an absolute path, or <c>s3://BUCKET/PREFIX</c>.</summary>
    public string Location { get; }

    /// <summary>Whether its objects are files of this machine.</summary>
    public bool IsDirectory => Objects is DirectoryStore;

    /// <summary>A name that no other location has: its last folder and a digest of the whole.</summary>
    public string Name => NameOf(Location);

    internal IObjectStore Objects { get; }

    internal ICatalogue Catalogue { get; }

    /// <summary>What the lanes of this process have found of partitions' plans.</summary>
    internal PlanLookups Plans { get; init; } = new();

    /// <summary>How rows lie in this lake's data objects, for one writer.</summary>
    internal IRowFormat NewRowFormat() => _rowFormat();

    /// <summary>
    /// Opens a lake. A directory is created where it is absent; a bucket is not. S3 and Glue are first asked when something is read or written.
    /// </summary>
    /// <param name="location">A directory, or <c>s3://BUCKET/PREFIX</c>.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="database">
    /// The Glue database of a lake on S3; by default the one that it has, or else one that is named after it. A directory has its own catalogue.
    /// </param>
    /// <param name="told">Told, in a sentence, when S3 or Glue have not answered for seconds, and when they do again.</param>
    /// <exception cref="LakeException">The location can't be used; the message says why and what to do.</exception>
    public static Lake Open(string location, TimeProvider? time = null, string? database = null, Action<string>? told = null)
    {
        time ??= TimeProvider.System;
        if (location.StartsWith(S3Scheme, StringComparison.Ordinal))
            return OpenS3(location, database, told, time);
        if (location.Contains("://", StringComparison.Ordinal))
            throw new LakeException($"The lake {location} is neither a directory nor on S3. Name a local directory, or s3://BUCKET/PREFIX.");
        var store = new DirectoryStore(location, time);
        return new Lake(Path.GetFullPath(location), store, new DirectoryCatalogue(store));
    }

    /// <summary>Finds out whether the lake can be reached, and says what catalogue it has.</summary>
    /// <exception cref="LakeException">It can't; the message says why and what to do.</exception>
    public Task<string> DescribeAsync(CancellationToken cancellation = default) => Catalogue.DescribeAsync(cancellation);

    /// <summary>The Glue database that has its tables; <c>null</c> for a directory, whose catalogue is its own.</summary>
    /// <exception cref="LakeException">The lake can't be reached.</exception>
    public Task<string?> DatabaseAsync(CancellationToken cancellation = default) => Catalogue.DatabaseAsync(cancellation);

    /// <summary>Finds out whether the lake can be written, by an object that is deleted again.</summary>
    /// <exception cref="LakeException">It can't; the message says why and what to do.</exception>
    public async Task ProbeAsync(CancellationToken cancellation = default)
    {
        var key = $"_probe/{Guid.NewGuid():N}";
        await Objects.PutAsync(key, new byte[] { 0 }, cancellation);
        await Objects.DeleteAsync(key, cancellation);
    }

    private static Lake OpenS3(string location, string? database, Action<string>? told, TimeProvider time)
    {
        var path = location[S3Scheme.Length..].Trim('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, prefix) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..].Trim('/') + '/');
        if (bucket.Length == 0 || prefix.Contains("//", StringComparison.Ordinal))
            throw new LakeException($"The lake {location} names no place on S3. Write it as s3://BUCKET/PREFIX.");
        var normal = $"{S3Scheme}{bucket}/{prefix}".TrimEnd('/');
        try
        {
            var options = new AwsOptions { Told = told };
            var store = new S3Store(S3Store.Client(), bucket, prefix, options with { Address = AwsCalls.AddressOf(new AmazonS3Config()) }, time);
            return new Lake(normal, store, new GlueCatalogue(
                GlueCatalogue.Client(), store, database, DatabaseOf(normal), LakeTable.All, options with { Address = AwsCalls.AddressOf(new AmazonGlueConfig()) }, time));
        }
        catch (AmazonClientException e)
        {
            throw new LakeException($"The lake {location} can't be reached: no region is configured. Set AWS_REGION, or a region in the profile.", e);
        }
    }

    /// <summary>A lake's name as Glue and Athena take names of databases: small letters, digits and underscores, a letter first.</summary>
    private static string DatabaseOf(string location)
    {
        var name = string.Concat(NameOf(location).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiLetter(name[0]) ? name : $"lake_{name}";
    }

    private static string NameOf(string location) =>
        $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(location))}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(location)).AsSpan(0, 4))}";
}

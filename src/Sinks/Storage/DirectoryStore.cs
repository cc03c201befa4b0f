using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace StockActors.Sinks.Storage;

/// <summary>
/// Objects as files of a local directory. A conditional put writes a temporary file, makes it durable, links it to its name, which fails
/// where that exists, and makes the folder durable.
/// </summary>
/// <remarks>Files have neither an asynchronous fsync nor an asynchronous link, so every call runs on a thread of the pool.</remarks>
internal sealed class DirectoryStore : IObjectStore
{
    private const string TemporaryFolder = "_tmp";

    // No put takes this long; what is older was left by a process that died.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly string _root;
    private readonly string _temporary;
    private readonly ConcurrentDictionary<string, bool> _durableFolders = new(StringComparer.Ordinal);

    /// <summary>Opens the directory, creating it where it is absent.</summary>
    /// <exception cref="LakeException">It can't be created or written to, or the platform has no links.</exception>
    public DirectoryStore(string root, TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new LakeException(
                $"The lake {root} is a directory on Windows, where this version has no atomic link. "
                + "Run under WSL or in a Linux container.");
        }

        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, TemporaryFolder);
        Guard(_root, "can't be opened", () =>
        {
            Directory.CreateDirectory(_temporary);
            foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles())
            {
                if (time.GetUtcNow() - file.LastWriteTimeUtc > AbandonedAfter)
                    file.Delete();
            }

            File.Delete(WriteTemporary(ReadOnlySpan<byte>.Empty, durable: false));
            return true;
        });
    }

    public string AddressOf(string key) => Path.Combine(_root, key);

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var path = AddressOf(key);
            var created = Guard(path, "can't be written", () =>
            {
                MakeFolder(path);
                if (File.Exists(path))
                    return false;
                var temporary = WriteTemporary(content.Span, durable: true);
                try
                {
                    return PosixFiles.TryLink(temporary, path);
                }
                finally
                {
                    File.Delete(temporary);
                }
            });

            // Also where it stood already: whoever relies on it must find it after a crash, and who made it may have died before this line.
            Settle(path);
            return created;
        },
        cancellation);

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var path = AddressOf(key);
            var replaced = Guard(path, "can't be replaced", () =>
            {
                if (!File.Exists(path) || ETagOf(File.ReadAllBytes(path)) != etag)
                    return false;
                File.Move(WriteTemporary(content.Span, durable: true), path, overwrite: true);
                return true;
            });
            if (replaced)
                Settle(path);
            return replaced;
        },
        cancellation);

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var path = AddressOf(key);
            return Guard(path, "can't be written", () =>
            {
                MakeFolder(path);
                File.Move(WriteTemporary(content.Span, durable: false), path, overwrite: true);
                return true;
            });
        },
        cancellation);

    public Task<StoredObject?> GetAsync(string key, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var path = AddressOf(key);
            return Guard(path, "can't be read", () =>
            {
                try
                {
                    var content = File.ReadAllBytes(path);
                    return new StoredObject(content, ETagOf(content));
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    return null;
                }
            });
        },
        cancellation);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) => Task.Run(() => File.Exists(AddressOf(key)), cancellation);

    public async IAsyncEnumerable<ListedObject> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = await Task.Run(
            () => Enumerate(folder, path => new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories), file => new ListedObject(KeyOf(file.FullName), file.Length)),
            cancellation);
        foreach (var listed in found.Where(listed => IsData(listed.Key)))
            yield return listed;
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var key in (await Task.Run(() => Enumerate(folder, Directory.EnumerateDirectories, KeyOf), cancellation)).Where(IsData))
            yield return key[(key.LastIndexOf('/') + 1)..];
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var path = AddressOf(key);
            return Guard(path, "can't be deleted", () =>
            {
                if (File.Exists(path))
                    File.Delete(path);
                return true;
            });
        },
        cancellation);

    private List<TListed> Enumerate<TFound, TListed>(string folder, Func<string, IEnumerable<TFound>> enumerate, Func<TFound, TListed> listed)
    {
        var path = AddressOf(folder);
        return Guard(path, "can't be listed", () => Directory.Exists(path) ? enumerate(path).Select(listed).ToList() : []);
    }

    private string KeyOf(string path) => Path.GetRelativePath(_root, path);

    private static bool IsData(string key) =>
        !key.StartsWith(TemporaryFolder, StringComparison.Ordinal) && key[key.LastIndexOf('/') + 1] != '.';

    // A folder counts once all above it are durable too; that is asked of the disk once per folder and process.
    private void MakeFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (folder.Length < _root.Length || _durableFolders.ContainsKey(folder))
            return;
        MakeFolder(folder);
        Directory.CreateDirectory(folder);
        PosixFiles.SyncFolder(Path.GetDirectoryName(folder)!);
        _durableFolders.TryAdd(folder, true);
    }

    private string WriteTemporary(ReadOnlySpan<byte> content, bool durable)
    {
        var path = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Write(content);
            if (durable)
                file.Flush(flushToDisk: true);
        }
        catch
        {
            // On a full disk, what did not fit would take the room that is left.
            File.Delete(path);
            throw;
        }

        return path;
    }

    private static void Settle(string path)
    {
        try
        {
            PosixFiles.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (IOException e)
        {
            throw new OutcomeUnknownException($"{path} was linked, but its folder could not be made durable: {e.Message}", e);
        }
    }

    private static string ETagOf(byte[] content) => XxHash128.HashToUInt128(content).ToString("x32");

    private static T Guard<T>(string path, string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LakeException(
                $"{path} of the lake {what}: {e.Message} "
                + "Check that the lake is a directory on a disk with room, and that this user may write there.",
                e);
        }
    }
}

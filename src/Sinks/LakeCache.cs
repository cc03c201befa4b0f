namespace StockActors.Sinks;

/// <summary>
/// Copies of lakes' committed objects on this machine's disk, for readers that read files only. Objects never change once they are committed, so a copy
/// is good for as long as it is there. The copies of all lakes have one bound together; those that were asked for longest ago make room, but none that a
/// reader of this process holds.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="directory">Where all lakes' copies are kept, each lake's in a folder of its own. Nothing else may lie there.</param>
/// <param name="bytes">How much the copies of all lakes may take, in bytes.</param>
public sealed class LakeCache(Lake lake, string directory, long bytes)
{
    private const int Downloads = 4;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, (int Holders, long Bytes)> Held = new(StringComparer.Ordinal);

    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>Where an object's copy is, or will be.</summary>
    public string PathOf(CommittedObject committed) => Path.Combine(Root, committed.Key);

    /// <summary>Has copies made where there are none, and keeps them until what is returned is disposed of.</summary>
    /// <param name="copies">The copies' paths, and the sizes of their objects.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LakeException">The objects take more than the cache may, one is gone, or the disk can't be written.</exception>
    public async Task<IDisposable> HoldAsync(IReadOnlyList<(string Path, long Bytes)> copies, CancellationToken cancellation = default)
    {
        var hold = Reserve(copies);
        try
        {
            await Parallel.ForEachAsync(
                copies.Where(copy => !File.Exists(copy.Path)), new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = cancellation }, (copy, token) => CopyAsync(copy.Path, token));
            var now = DateTime.UtcNow;
            foreach (var (path, _) in copies)
                File.SetLastAccessTimeUtc(path, now);
            return hold;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            hold.Dispose();
            throw Unusable(e);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private string Root => Path.Combine(_directory, lake.Name);

    private async ValueTask CopyAsync(string path, CancellationToken cancellation)
    {
        var key = Path.GetRelativePath(Root, path);
        var stored = await lake.Objects.GetAsync(key, cancellation)
            ?? throw new LakeException($"{lake.Objects.AddressOf(key)} was there and is gone. Keep other programs from deleting in the lake; run the audit to see what is missing.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await File.WriteAllBytesAsync(part, stored.Content, cancellation);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private Hold Reserve(IReadOnlyList<(string Path, long Bytes)> copies)
    {
        var needed = copies.Sum(copy => copy.Bytes);
        if (needed > bytes)
        {
            throw new LakeException(
                $"What this query reads of {lake.Location} takes {Megabytes(needed)} MB, and copies on this machine may take {Megabytes(bytes)} MB. "
                + "Filter on dt and hour, so that it reads fewer partitions, raise Analytics:CacheMb, or ask Athena.");
        }

        lock (Gate)
        {
            var hold = new Hold(copies);
            try
            {
                MakeRoom();
                return hold;
            }
            catch (Exception e)
            {
                hold.Dispose();
                throw e is IOException or UnauthorizedAccessException ? Unusable(e) : e;
            }
        }
    }

    private void MakeRoom()
    {
        var kept = Held.Where(held => held.Key.StartsWith(_directory, StringComparison.Ordinal)).Sum(held => held.Value.Bytes);
        if (kept > bytes)
        {
            throw new LakeException(
                $"What this query and those that run with it read takes {Megabytes(kept)} MB, and copies on this machine may take {Megabytes(bytes)} MB. "
                + "Ask again when they have ended, or raise Analytics:CacheMb.");
        }

        if (!Directory.Exists(_directory))
            return;
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories).OrderByDescending(file => file.LastAccessTimeUtc).ToList())
        {
            if (Held.ContainsKey(file.FullName))
                continue;
            if (kept + file.Length > bytes)
                file.Delete();
            else
                kept += file.Length;
        }
    }

    private LakeException Unusable(Exception e) =>
        new($"The copies of {lake.Location} can't be kept in {_directory}: {e.Message} Make room, or name another place (Analytics:CacheDirectory).", e);

    private static string Megabytes(long bytes) => ((bytes + 999_999) / 1_000_000).ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Hold : IDisposable
    {
        private readonly IReadOnlyList<(string Path, long Bytes)> _copies;
        private bool _isDisposed;

        public Hold(IReadOnlyList<(string Path, long Bytes)> copies)
        {
            _copies = copies;
            lock (Gate)
            {
                foreach (var (path, size) in copies)
                    Held[path] = (Held.GetValueOrDefault(path).Holders + 1, size);
            }
        }

        public void Dispose()
        {
            lock (Gate)
            {
                if (_isDisposed)
                    return;
                _isDisposed = true;
                foreach (var (path, size) in _copies)
                {
                    if (Held[path].Holders == 1)
                        Held.Remove(path);
                    else
                        Held[path] = (Held[path].Holders - 1, size);
                }
            }
        }
    }
}

namespace StockActors.Sinks;

/// <summary>
/// Copies of a lake's committed objects on this machine's disk, for readers that read files only. Objects never change once they are committed, so a copy
/// is good for as long as it is there; the ones that were asked for longest ago make room.
/// </summary>
public sealed class LakeCache
{
    private const int Downloads = 4;

    private readonly Lake _lake;
    private readonly DirectoryInfo _directory;
    private readonly long _bytes;

    /// <summary>A cache; copies of an earlier one in the same place are found again.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="directory">Where all lakes' copies are kept, each lake's in a folder of its own.</param>
    /// <param name="bytes">How much the copies of this lake may take, in bytes.</param>
    public LakeCache(Lake lake, string directory, long bytes) =>
        (_lake, _directory, _bytes) = (lake, new DirectoryInfo(Path.Combine(Path.GetFullPath(directory), lake.Name)), bytes);

    /// <summary>Has copies made of the objects that have none.</summary>
    /// <returns>The objects with their copies' paths.</returns>
    /// <exception cref="LakeException">The objects take more than the cache may, one is gone, or the disk can't be written.</exception>
    public async Task<IReadOnlyList<CommittedObject>> CopyAsync(IReadOnlyList<CommittedObject> objects, CancellationToken cancellation = default)
    {
        try
        {
            var copies = objects.Select(o => o with { Path = PathOf(o) }).ToList();
            await Parallel.ForEachAsync(
                copies.Where(copy => !File.Exists(copy.Path)), new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = cancellation }, CopyAsync);
            var now = DateTime.UtcNow;
            foreach (var copy in copies)
                File.SetLastAccessTimeUtc(copy.Path, now);
            MakeRoom([.. copies.Select(copy => copy.Path)]);
            return copies;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LakeException($"The copies of {_lake.Location} can't be kept in {_directory.FullName}: {e.Message} Make room, or name another place (Analytics:CacheDirectory).", e);
        }
    }

    private string PathOf(CommittedObject committed) => Path.Combine(_directory.FullName, committed.Key);

    private async ValueTask CopyAsync(CommittedObject copy, CancellationToken cancellation)
    {
        var stored = await _lake.Objects.GetAsync(copy.Key, cancellation)
            ?? throw new LakeException($"{_lake.Objects.AddressOf(copy.Key)} was there and is gone. Keep other programs from deleting in the lake; run the audit to see what is missing.");
        Directory.CreateDirectory(Path.GetDirectoryName(copy.Path)!);
        var part = $"{copy.Path}.{Guid.NewGuid():N}.part";
        await File.WriteAllBytesAsync(part, stored.Content, cancellation);
        File.Move(part, copy.Path, overwrite: true);
    }

    private void MakeRoom(HashSet<string> wanted)
    {
        if (!_directory.Exists)
            return;
        var files = _directory.EnumerateFiles("*", SearchOption.AllDirectories).OrderByDescending(file => file.LastAccessTimeUtc).ToList();
        var kept = files.Where(file => wanted.Contains(file.FullName)).Sum(file => file.Length);
        if (kept > _bytes)
        {
            throw new LakeException(
                $"The objects of {_lake.Location} take {kept / 1_000_000:N0} MB, and their copies may take {_bytes / 1_000_000:N0} MB. Raise Analytics:CacheMb, or ask Athena.");
        }

        foreach (var file in files.Where(file => !wanted.Contains(file.FullName)))
        {
            if (kept + file.Length > _bytes)
                file.Delete();
            else
                kept += file.Length;
        }
    }
}

namespace StockActors.Analytics.Tests;

/// <summary>The files of another lake, each of which is there only while it is held.</summary>
internal sealed class RemoteLake(TempLake elsewhere) : ILakeTables, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("copies-").FullName;

    public bool IsRemote => true;

    /// <summary>The files that were held, in their order.</summary>
    public List<LakeFile> Brought { get; } = [];

    public int Holders { get; private set; }

    public async ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation) =>
        [.. (await elsewhere.ReadAsync(cancellation)).Select(table => table with { Files = [.. table.Files.Select(file => file with { Path = _folder + file.Path })] })];

    public ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            File.Copy(file.Path[_folder.Length..], file.Path);
            Brought.Add(file);
        }

        Holders++;
        return new(new Hold(this, files));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Hold(RemoteLake lake, IReadOnlyList<LakeFile> files) : IDisposable
    {
        public void Dispose()
        {
            lake.Holders--;
            foreach (var file in files)
                File.Delete(file.Path);
        }
    }
}

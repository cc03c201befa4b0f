using System.Diagnostics;

namespace StockActors.EndToEnd;

/// <summary>A file system in memory, small enough to be filled.</summary>
public sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<bool> Mountable = new(() =>
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("stockactors-disk-").FullName;
        var can = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "tmpfs", folder) == 0 && Run("umount", folder) == 0;
        System.IO.Directory.Delete(folder);
        return can;
    });

    /// <summary>Mounts one.</summary>
    /// <param name="kilobytes">Its size.</param>
    public SmallDisk(int kilobytes) => Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Directory));

    /// <summary>Whether this user may mount one.</summary>
    public static bool IsToBeHad => Mountable.Value;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("stockactors-disk-").FullName;

    /// <summary>Gives it another size; what is there stays.</summary>
    public void Resize(int kilobytes) => Assert.Equal(0, Run("mount", "-o", $"remount,size={kilobytes}k", Directory));

    public void Dispose()
    {
        Run("umount", Directory);
        System.IO.Directory.Delete(Directory);
    }

    private static int Run(string command, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(command, args) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

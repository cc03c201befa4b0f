namespace StockActors.Simulator.Tests;

/// <summary>Inputs that lie beside the repository, in <c>../shared</c>, and not in it.</summary>
internal static class SharedFolder
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The path of something in <c>../shared</c>, there or not.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Repository, "..", "shared", relative));

    /// <summary>Why a test of something in <c>../shared</c> cannot run, or <c>null</c>.</summary>
    public static string? ReasonToSkip(string relative) => Path.Exists(PathOf(relative)) ? null : $"{PathOf(relative)} is not there.";

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StockActors.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No StockActors.sln above {AppContext.BaseDirectory}.");
    }
}

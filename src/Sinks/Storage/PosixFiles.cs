using System.Runtime.InteropServices;

namespace StockActors.Sinks.Storage;

/// <summary>The two calls of POSIX that .NET has no method for: a hard link, and an fsync of a folder.</summary>
internal static partial class PosixFiles
{
    // The same number on Linux, macOS and the BSDs.
    private const int AlreadyExists = 17;

    /// <summary>Gives a file a second name.</summary>
    /// <returns><c>false</c> where the name is taken.</returns>
    /// <exception cref="IOException">It can't be linked; some file systems have no links.</exception>
    public static bool TryLink(string existing, string name)
    {
        if (Link(existing, name) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == AlreadyExists ? false : throw new IOException($"link: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
    }

    /// <summary>Makes a folder's names durable.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw Failure("open", path);
        try
        {
            if (Sync(descriptor) != 0)
                throw Failure("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of folder {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

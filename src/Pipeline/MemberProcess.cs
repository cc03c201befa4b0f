using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StockActors.Pipeline;

/// <summary>
/// The process that a member of a consumer group lives in. Its client id says it, so that another process of the same machine can see in the group
/// that a member is dead before the broker does.
/// </summary>
/// <param name="Place">
/// Where its process id counts: machine and, on Linux, boot and process namespace, so that a container does not take another's process 1 for its own.
/// </param>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it started, in a form that is only compared: an id that was given to another process is told from it by this.</param>
internal sealed record MemberProcess(string Place, int Id, string Started)
{
    private const string Prefix = "stockactors";

    /// <summary>This process.</summary>
    public static MemberProcess Current { get; } = new(PlaceOfThis(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>A process of this machine that runs; <c>null</c> where none has this id.</summary>
    public static MemberProcess? Running(int id) => StartOf(id) is { } started ? Current with { Id = id, Started = started } : null;

    /// <summary>As a client id: <c>stockactors.PLACE.ID.STARTED</c>.</summary>
    public string ClientId => string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{Place}.{Id}.{Started}");

    /// <summary>Whether it is known to have ended. Of a process elsewhere nothing is known.</summary>
    public bool HasEnded => Place == Current.Place && StartOf(Id) != Started;

    /// <summary>The process that a client id names; <c>null</c> where it names none.</summary>
    public static MemberProcess? Of(string clientId) =>
        clientId.Split('.') is [Prefix, .. var place, var id, var started] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new MemberProcess(string.Join('.', place), number, started)
            : null;

    private static string PlaceOfThis()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.MachineName;
        var system = File.ReadAllText("/proc/sys/kernel/random/boot_id") + new FileInfo("/proc/self/ns/pid").LinkTarget;
        return $"{Environment.MachineName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(system)).AsSpan(0, 4))}";
    }

    // What .NET makes of a start's time on Linux moves with the clock; the kernel's own ticks since the boot do not.
    private static string? StartOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(id);
                return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
            }

            // The fields behind the name, which may hold anything; a process whose parent has not asked for its end yet has ended too.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Text;

namespace StockActors.Sinks.Audit;

/// <summary>How far a lane's log was counted by an audit that found nothing: the next one may count on from there. Only such an audit writes it.</summary>
public static class AuditMark
{
    /// <summary>The offset behind the last that was counted; <c>null</c> where none was.</summary>
    /// <exception cref="LakeException">The lake can't be read.</exception>
    public static async Task<long?> FindAsync(Lake lake, string topicId, int lane, CancellationToken cancellation = default) =>
        await lake.Objects.GetAsync(Key(topicId, lane), cancellation) is { } stored
        && long.TryParse(Encoding.UTF8.GetString(stored.Content), NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? end : null;

    /// <summary>Sets it, whatever it was.</summary>
    /// <exception cref="LakeException">The lake can't be written.</exception>
    public static Task SetAsync(Lake lake, string topicId, int lane, long end, CancellationToken cancellation = default) =>
        lake.Objects.PutAsync(Key(topicId, lane), Encoding.UTF8.GetBytes(end.ToString(CultureInfo.InvariantCulture)), cancellation);

    private static string Key(string topicId, int lane) => $"_audit/{topicId}/{lane}";
}

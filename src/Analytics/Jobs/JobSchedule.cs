using Cronos;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// When a job's slots begin, by a cron expression in a time zone: each lasts until the next begins, so that they tile the time, also where clocks are
/// put forward or back; it is due some while after its end.
/// </summary>
/// <remarks>
/// Where clocks are put forward over a time of day, its slot begins when they have been; where they are put back over it, at the first of the two,
/// and an expression of intervals (<c>*/10 * * * *</c>) begins one at both.
/// </remarks>
public sealed class JobSchedule
{
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(1);

    private readonly CronExpression _cron;

    private JobSchedule(string expression, CronExpression cron, TimeZoneInfo zone, TimeSpan delay) =>
        (Expression, _cron, Zone, Delay) = (expression, cron, zone, delay);

    /// <summary>The cron expression as it was written.</summary>
    public string Expression { get; }

    /// <summary>Where the clock hangs that it is read by.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>How long after its end a slot is due, for what comes late.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Reads a schedule.</summary>
    /// <param name="expression">Five fields of cron, minute first, or six, second first.</param>
    /// <param name="zone">The time zone.</param>
    /// <param name="delay">How long after its end a slot is due.</param>
    /// <exception cref="FormatException">The expression is none, or never comes; the message says where.</exception>
    public static JobSchedule Parse(string expression, TimeZoneInfo zone, TimeSpan delay)
    {
        try
        {
            var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            var cron = CronExpression.Parse(expression, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            if (cron.GetNextOccurrence(DateTimeOffset.UnixEpoch, zone) is null)
                throw new FormatException("there is no such time");
            return new JobSchedule(expression, cron, zone, delay);
        }
        catch (CronFormatException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>When a slot is due.</summary>
    public DateTimeOffset DueAt(JobSlot slot) => slot.To + Delay;

    /// <summary>The slots that begin at a time or later, without end.</summary>
    public IEnumerable<JobSlot> From(DateTimeOffset time)
    {
        for (var from = Next(time, inclusive: true); from is { } begin; from = Next(begin, inclusive: false))
        {
            if (Next(begin, inclusive: false) is not { } end)
                yield break;
            yield return new JobSlot(begin, end);
        }
    }

    /// <summary>The slots that begin at a time or later and are due by another.</summary>
    public IEnumerable<JobSlot> Due(DateTimeOffset from, DateTimeOffset by) => From(from).TakeWhile(slot => DueAt(slot) <= by);

    /// <summary>The slots that are due after a time, without end.</summary>
    public IEnumerable<JobSlot> DueAfter(DateTimeOffset time) => From(At(time - Delay)?.From ?? time).Where(slot => DueAt(slot) > time);

    /// <summary>The slot that a time is in; <c>null</c> before the first.</summary>
    public JobSlot? At(DateTimeOffset time)
    {
        // Looking back, the library finds the last tick before clocks are put forward where looking ahead it finds the first one after: so that is only where to begin.
        for (var before = Previous(time); before is { } near; before = Previous(near - Back))
        {
            var slot = From(near - Back).FirstOrDefault(slot => slot.To > time);
            if (slot != default && slot.From <= time)
                return slot;
        }

        return null;
    }

    private DateTimeOffset? Previous(DateTimeOffset time) => _cron.GetPreviousOccurrence(time.ToUniversalTime(), Zone, inclusive: true)?.ToUniversalTime();

    private DateTimeOffset? Next(DateTimeOffset time, bool inclusive) => _cron.GetNextOccurrence(time, Zone, inclusive)?.ToUniversalTime();
}

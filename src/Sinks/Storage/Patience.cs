namespace StockActors.Sinks.Storage;

/// <summary>Tells that a service is waited for, and that it answers again: each once a wait, however many calls there are.</summary>
/// <param name="service">The service's name.</param>
/// <param name="options">Where it is, after how long it is told, and to whom.</param>
/// <param name="time">The clock.</param>
internal sealed class Patience(string service, AwsOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _pending;
    private (DateTimeOffset At, long Stamp)? _since;
    private string? _lastError;
    private bool _isTold;

    /// <summary>A call begins.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _pending++;
            if (_since is null)
                Await();
        }
    }

    /// <summary>A call was answered, with an error or not.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _pending--;
            if (_isTold)
                options.Told?.Invoke($"{Where} answers again, after {Waited.TotalSeconds:0} s.");
            (_isTold, _lastError) = (false, null);
            if (_pending > 0)
                Await();
            else
                _since = null;
        }
    }

    /// <summary>A call was not answered, or by what may pass.</summary>
    public void Failed(string error)
    {
        lock (_gate)
        {
            _pending--;
            _lastError = error;
        }
    }

    /// <summary>A call was given up by its caller.</summary>
    public void GivenUp()
    {
        lock (_gate)
        {
            if (--_pending == 0 && !_isTold && _lastError is null)
                _since = null;
        }
    }

    private string Where => $"{service} at {options.Address}";

    private TimeSpan Waited => _since is { } since ? time.GetElapsedTime(since.Stamp) : TimeSpan.Zero;

    private void Await()
    {
        _since = (time.GetUtcNow(), time.GetTimestamp());
        _timer ??= time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(options.TellAfter, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_since is not { } since || _isTold)
                return;
            if (options.TellAfter - Waited is var left && left > TimeSpan.Zero)
            {
                _timer!.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _isTold = true;
            options.Told?.Invoke(
                $"{Where} is waited for since {since.At:u}{(_lastError is null ? ": it has not answered." : $"; the last error: {_lastError}")} It is asked again, and nothing is lost.");
        }
    }
}

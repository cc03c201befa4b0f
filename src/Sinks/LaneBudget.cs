using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>
/// What the lanes of a process may hold together between the log and the lake, gathered or being written: the rows' memory, that of objects on their
/// way, and <see cref="EpochBuffer.PartitionBytes"/> for each table partition of an epoch. Before they hold as much, those that have gathered most are cut;
/// while they do, none of them takes in more.
/// </summary>
/// <remarks>One value serves all lanes of a process; it is thread-safe.</remarks>
public sealed class LaneBudget
{
    private readonly Lock _gate = new();
    private readonly List<Share> _shares = [];
    private long _held;
    private Share? _turn;
    private bool _hasCut;

    /// <summary>A budget.</summary>
    /// <param name="bytes">How much; 1 or more. A batch a lane more than that may be on its way when it is reached.</param>
    public LaneBudget(long bytes) => Bytes = bytes;

    /// <summary>How much the lanes may hold.</summary>
    public long Bytes { get; }

    /// <summary>How much they hold now.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
                return _held;
        }
    }

    /// <summary>A lane's share, as long as it takes part.</summary>
    /// <param name="changed">Called, on any thread, when the lane may take in more again, or is to be cut.</param>
    internal Share Join(Action changed)
    {
        var share = new Share(this, changed);
        lock (_gate)
            _shares.Add(share);
        return share;
    }

    // Lanes are cut while there is still room, so that the others gather meanwhile: from three quarters of the budget on, until half of it is on its way; the
    // first one of all much earlier, for what writes it is compiled then. One that is read again can't be cut before it is whole: where nothing else makes
    // room, the largest of them goes on.
    private void Choose()
    {
        var gathered = _shares.Sum(share => share.Gathered);
        if (_hasCut ? _held < Bytes / 4 * 3 || gathered <= Bytes / 2 : gathered < Bytes / 4)
            _turn = null;
        else if (_turn is not { IsCuttable: true })
            _turn = Largest(share => share.IsCuttable) ?? (_shares.Exists(share => share.Written > 0) ? null : Largest(share => share.IsReadAgain));
    }

    private Share? Largest(Func<Share, bool> among) => _shares.Where(among).MaxBy(share => share.Gathered);

    /// <summary>What one lane holds. Its members are called by the lane; it may gather while it writes.</summary>
    internal sealed class Share(LaneBudget budget, Action changed) : IDisposable
    {
        private bool _hasLeft;

        /// <summary>Bytes that are gathered and not being written.</summary>
        public long Gathered { get; private set; }

        /// <summary>Bytes that are being written.</summary>
        public long Written { get; private set; }

        /// <summary>Whether what is gathered is an epoch that is read again, and not whole.</summary>
        public bool IsReadAgain { get; private set; }

        /// <summary>Whether what is gathered can be written now.</summary>
        public bool IsCuttable => Gathered > 0 && !IsReadAgain && Written == 0;

        /// <summary>Whether it is this lane's turn to be cut.</summary>
        public bool IsToBeCut
        {
            get
            {
                lock (budget._gate)
                    return budget._turn == this && IsCuttable;
            }
        }

        /// <summary>Whether the lane may take in more.</summary>
        public bool HasRoom
        {
            get
            {
                lock (budget._gate)
                    return budget._held < budget.Bytes || (budget._turn == this && IsReadAgain);
            }
        }

        /// <summary>The lane has gathered so much.</summary>
        public void Gather(long bytes, bool isReadAgain) => Change(() => (Gathered, IsReadAgain) = (bytes, isReadAgain));

        /// <summary>The lane begins to write what it has gathered, and has so much left.</summary>
        public void Cut(long bytes, long left, bool isReadAgain) => Change(() => (budget._hasCut, Written, Gathered, IsReadAgain) = (true, bytes, left, isReadAgain));

        /// <summary>The lane is writing so much; nothing when it is done.</summary>
        public void Write(long bytes) => Change(() => Written = bytes);

        /// <summary>The lane takes no part any more.</summary>
        public void Dispose()
        {
            Change(() =>
            {
                (Gathered, Written, IsReadAgain, _hasLeft) = (0, 0, false, true);
                budget._shares.Remove(this);
            });
        }

        private void Change(Action change)
        {
            Action[] told;
            lock (budget._gate)
            {
                if (_hasLeft)
                    return;
                var (before, turn, had) = (budget._held, budget._turn, Gathered + Written);
                change();
                budget._held += Gathered + Written - had;
                SinksMetrics.Held(budget._held - before);
                budget.Choose();
                var isOpenAgain = before >= budget.Bytes && budget._held < budget.Bytes;
                told = isOpenAgain ? [.. budget._shares.Select(share => share.Changed)]
                    : budget._turn is { } next && next != turn ? [next.Changed] : [];
            }

            foreach (var tell in told)
                tell();
        }

        private Action Changed => changed;
    }
}

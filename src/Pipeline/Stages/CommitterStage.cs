using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using Confluent.Kafka;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Stages;

/// <summary>
/// Commits the offsets that come in, the furthest of each partition, batch by batch and one batch at a time. What has come in is committed before the
/// stage completes, is cancelled, or tells its upstream's failure.
/// </summary>
internal sealed class CommitterStage(CommitterSettings settings) : GraphStage<FlowShape<ICommittable, Done>>
{
    private readonly Inlet<ICommittable> _in = new("CommitterStage.in");
    private readonly Outlet<Done> _out = new("CommitterStage.out");

    public override FlowShape<ICommittable, Done> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, settings);

    private sealed class Logic : TimerGraphStageLogic, IInHandler, IOutHandler
    {
        private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
        private const string Due = "due";

        private readonly CommitterStage _stage;
        private readonly CommitterSettings _settings;
        private readonly Dictionary<PartitionLedger, long> _seen = [];
        private readonly Dictionary<PartitionLedger, long> _waiting = [];
        private readonly Action<Exception?> _onCommitted;
        private Exception? _upstreamFailure;
        private List<(PartitionLedger Partition, long Next)>? _committing;
        private TimeSpan _failingFor;
        private int _count;
        private int _done;

        public Logic(CommitterStage stage, CommitterSettings settings)
            : base(stage.Shape)
        {
            (_stage, _settings) = (stage, settings);
            _onCommitted = GetAsyncCallback<Exception?>(OnCommitted);
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        public override void PreStart() => Pull(_stage._in);

        public void OnPush()
        {
            foreach (var offset in Grab(_stage._in).Offsets)
            {
                if (_seen.TryGetValue(offset.Ledger, out var before) && offset.Next < before)
                {
                    Fail(new InvalidOperationException(
                        $"The offsets of {offset.Partition} came to the committer out of order, {offset.Next} after {before}: what is committed would be more than is done. Keep the order of a partition's records up to the committer (SelectAsync, not SelectAsyncUnordered)."));
                    return;
                }

                _seen[offset.Ledger] = _waiting[offset.Ledger] = offset.Next;
                offset.Ledger.Done(offset.Next);
            }

            if (++_count >= _settings.MaxBatch)
                Commit();
            else if (!IsTimerActive(Due))
                ScheduleOnce(Due, _settings.MaxInterval);
            TryPull(_stage._in);
        }

        public void OnPull() => Emit();

        public void OnUpstreamFinish() => Finish();

        public void OnUpstreamFailure(Exception e)
        {
            _upstreamFailure = e;
            Finish();
        }

        public void OnDownstreamFinish(Exception cause)
        {
            SetKeepGoing(true);
            Cancel(_stage._in, cause);
            Finish();
        }

        protected override void OnTimer(object timerKey) => Commit();

        private void Finish()
        {
            SetKeepGoing(true);
            Commit();
            Emit();
        }

        private void Commit()
        {
            if (_committing is not null || _waiting.Count == 0)
                return;
            CancelTimer(Due);
            _committing = [.. _waiting.Select(offset => (offset.Key, offset.Value))];
            _waiting.Clear();
            _count = 0;
            Task.WhenAll(_committing.GroupBy(offset => offset.Partition.Commits).Select(consumer => consumer.Key.CommitAsync([.. consumer])))
                .ContinueWith(committed => _onCommitted(committed.Exception?.InnerException), TaskScheduler.Default);
        }

        private void OnCommitted(Exception? failure)
        {
            var committed = _committing!;
            _committing = null;
            if (failure is null)
            {
                _failingFor = TimeSpan.Zero;
                _done++;
                foreach (var (partition, _) in committed.Where(offset => offset.Partition.HasEnded))
                    _seen.Remove(partition);
                if (IsClosed(_stage._in) || _count >= _settings.MaxBatch)
                    Commit();
                Emit();
                return;
            }

            if (failure is not KafkaException { Error: var error } || error.IsFatal || _failingFor >= _settings.RetryTimeout)
            {
                Fail(failure is KafkaException k ? new LogException($"Offsets can't be committed: {k.Error.Reason}", failure) : failure);
                return;
            }

            // What came in meanwhile is further.
            foreach (var (partition, next) in committed)
                _waiting.TryAdd(partition, next);
            _failingFor += RetryInterval;
            ScheduleOnce(Due, RetryInterval);
        }

        private void Emit()
        {
            if (_done > 0 && IsAvailable(_stage._out))
            {
                _done--;
                Push(_stage._out, Done.Instance);
            }

            if (!IsClosed(_stage._in) || _committing is not null || _waiting.Count > 0 || (_done > 0 && !IsClosed(_stage._out)))
                return;
            if (_upstreamFailure is not null)
                FailStage(_upstreamFailure);
            else
                CompleteStage();
        }

        private void Fail(Exception cause) => FailStage(_upstreamFailure ?? cause);
    }
}

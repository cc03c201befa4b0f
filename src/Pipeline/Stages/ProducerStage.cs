using Akka.Streams;
using Akka.Streams.Stage;
using Akka.Streams.Supervision;
using Confluent.Kafka;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Messages;

namespace StockActors.Pipeline.Stages;

/// <summary>
/// Records in, their results out in the same order. What has come in is delivered or known to have failed before the stage completes, is
/// cancelled, or tells its upstream's failure.
/// </summary>
internal sealed class ProducerStage<TKey, TValue, TPassThrough>(Func<IProduceClient<TKey, TValue>> clientOf, int maxInFlight)
    : GraphStage<FlowShape<IEnvelope<TKey, TValue, TPassThrough>, IResults<TKey, TValue, TPassThrough>>>
{
    private readonly Inlet<IEnvelope<TKey, TValue, TPassThrough>> _in = new("ProducerStage.in");
    private readonly Outlet<IResults<TKey, TValue, TPassThrough>> _out = new("ProducerStage.out");

    public override FlowShape<IEnvelope<TKey, TValue, TPassThrough>, IResults<TKey, TValue, TPassThrough>> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) =>
        new Logic(this, clientOf, maxInFlight, inheritedAttributes.GetAttribute<ActorAttributes.SupervisionStrategy>(null)?.Decider ?? Deciders.StoppingDecider);

    private sealed class Logic : TimerGraphStageLogic, IInHandler, IOutHandler
    {
        private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
        private const string Retry = "retry";

        private readonly ProducerStage<TKey, TValue, TPassThrough> _stage;
        private readonly Func<IProduceClient<TKey, TValue>> _clientOf;
        private readonly int _maxInFlight;
        private readonly Decider _decider;
        private readonly Queue<(IEnvelope<TKey, TValue, TPassThrough> Envelope, int Records)> _envelopes = new();
        private readonly Queue<Delivery> _deliveries = new();
        private readonly Queue<Delivery> _refused = new();
        private readonly Stack<Delivery> _spare = new();
        private readonly Action _onReports;
        private IProduceClient<TKey, TValue>? _client;
        private Exception? _upstreamFailure;
        private int _signalled;
        private int _unreported;

        public Logic(ProducerStage<TKey, TValue, TPassThrough> stage, Func<IProduceClient<TKey, TValue>> clientOf, int maxInFlight, Decider decider)
            : base(stage.Shape)
        {
            (_stage, _clientOf, _maxInFlight, _decider) = (stage, clientOf, maxInFlight, decider);
            _onReports = GetAsyncCallback(OnReports);
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        public override void PreStart()
        {
            _client = _clientOf();
            Pull(_stage._in);
        }

        // Freeing a client joins its thread: not for the dispatcher to wait for.
        public override void PostStop()
        {
            if (_client is { } client)
                Task.Run(client.Dispose);
        }

        public void OnPush()
        {
            var envelope = Grab(_stage._in);
            switch (envelope)
            {
                case Message<TKey, TValue, TPassThrough> single:
                    _envelopes.Enqueue((envelope, 1));
                    Accept(single.Record);
                    break;
                case MultiMessage<TKey, TValue, TPassThrough> multi:
                    _envelopes.Enqueue((envelope, multi.Records.Count));
                    foreach (var record in multi.Records)
                        Accept(record);
                    break;
                case PassThroughMessage<TKey, TValue, TPassThrough>:
                    _envelopes.Enqueue((envelope, 0));
                    break;
                default:
                    throw new ArgumentException($"An envelope of type {envelope.GetType().Name} is none of {nameof(ProducerMessage)}'s.");
            }

            Emit();
        }

        public void OnPull() => Emit();

        public void OnUpstreamFinish() => Emit();

        public void OnUpstreamFailure(Exception e)
        {
            _upstreamFailure = e;
            Emit();
        }

        public void OnDownstreamFinish(Exception cause)
        {
            SetKeepGoing(true);
            Cancel(_stage._in, cause);
            Emit();
        }

        protected override void OnTimer(object timerKey) => OnReports();

        private void OnReports()
        {
            // Taken back before the reports are looked at, so that one which comes during the look is signalled again.
            Interlocked.Exchange(ref _signalled, 0);
            while (_refused.TryPeek(out var delivery) && TryProduce(delivery))
                _refused.Dequeue();
            Emit();
        }

        private void Accept(ProducerRecord<TKey, TValue> record)
        {
            if (!_spare.TryPop(out var delivery))
                delivery = new Delivery(this);
            delivery.Begin(record);
            _deliveries.Enqueue(delivery);
            Interlocked.Increment(ref _unreported);
            // Behind one that was refused nothing goes before it: the order of a partition is the order of the stream.
            if (_refused.Count > 0 || !TryProduce(delivery))
                _refused.Enqueue(delivery);
        }

        private bool TryProduce(Delivery delivery)
        {
            try
            {
                if (_client!.TryProduce(delivery.Record!, delivery))
                    return true;
                // Reports tell of room, but not where the room was taken by what is not ours.
                ScheduleOnce(Retry, RetryInterval);
                return false;
            }
            catch (KafkaException e)
            {
                delivery.Refuse(e);
                return true;
            }
        }

        private void Reported()
        {
            Interlocked.Decrement(ref _unreported);
            if (Interlocked.Exchange(ref _signalled, 1) == 0)
                _onReports();
        }

        private void Emit()
        {
            while (_envelopes.TryPeek(out var next) && IsReported(next.Records))
            {
                if (FailureOf(next.Records) is { } failure)
                {
                    if (failure.IsFatal || _decider(failure) == Directive.Stop)
                    {
                        FailStage(failure);
                        return;
                    }

                    Take(next.Records, null);
                }
                else if (IsClosed(_stage._out))
                {
                    Take(next.Records, null);
                }
                else if (IsAvailable(_stage._out))
                {
                    Push(_stage._out, ResultOf(next.Envelope));
                }
                else
                {
                    break;
                }

                _envelopes.Dequeue();
            }

            if (_upstreamFailure is not null && Volatile.Read(ref _unreported) == 0)
                FailStage(_upstreamFailure);
            else if (_upstreamFailure is null && IsClosed(_stage._in) && _envelopes.Count == 0)
                CompleteStage();
            else if (!IsClosed(_stage._in) && !HasBeenPulled(_stage._in) && _refused.Count == 0 && _deliveries.Count < _maxInFlight && _envelopes.Count < _maxInFlight)
                Pull(_stage._in);
        }

        private bool IsReported(int records)
        {
            foreach (var delivery in _deliveries)
            {
                if (records-- == 0)
                    break;
                if (!delivery.IsReported)
                    return false;
            }

            return true;
        }

        private DeliveryException? FailureOf(int records)
        {
            foreach (var delivery in _deliveries)
            {
                if (records-- == 0)
                    break;
                if (delivery.Failure is { } failure)
                    return failure;
            }

            return null;
        }

        private IResults<TKey, TValue, TPassThrough> ResultOf(IEnvelope<TKey, TValue, TPassThrough> envelope)
        {
            switch (envelope)
            {
                case Message<TKey, TValue, TPassThrough>:
                    var delivery = _deliveries.Dequeue();
                    var result = new Result<TKey, TValue, TPassThrough>(delivery.Delivered, envelope.PassThrough);
                    Spare(delivery);
                    return result;
                case MultiMessage<TKey, TValue, TPassThrough> multi:
                    var parts = new Delivered<TKey, TValue>[multi.Records.Count];
                    Take(parts.Length, parts);
                    return new MultiResult<TKey, TValue, TPassThrough>(parts, envelope.PassThrough);
                default:
                    return new PassThroughResult<TKey, TValue, TPassThrough>(envelope.PassThrough);
            }
        }

        private void Take(int records, Delivered<TKey, TValue>[]? parts)
        {
            for (var i = 0; i < records; i++)
            {
                var delivery = _deliveries.Dequeue();
                if (parts is not null)
                    parts[i] = delivery.Delivered;
                Spare(delivery);
            }
        }

        private void Spare(Delivery delivery)
        {
            delivery.End();
            _spare.Push(delivery);
        }

        /// <summary>One record on its way; used again for others, so that a record costs neither a closure nor an object here.</summary>
        private sealed class Delivery(Logic logic) : IDelivery
        {
            private bool _isReported;
            private Partition _partition;
            private Offset _offset;
            private Timestamp _timestamp;

            public ProducerRecord<TKey, TValue>? Record { get; private set; }

            public DeliveryException? Failure { get; private set; }

            public bool IsReported => Volatile.Read(ref _isReported);

            public Delivered<TKey, TValue> Delivered => new(Record!, _partition, _offset, _timestamp);

            public void Begin(ProducerRecord<TKey, TValue> record) => Record = record;

            public void End() => (Record, Failure, _isReported) = (null, null, false);

            /// <summary>From the stage: the client does not take the record.</summary>
            public void Refuse(KafkaException cause)
            {
                Failure = new DeliveryException(Record!.To, cause.Error, cause);
                Volatile.Write(ref _isReported, true);
                Interlocked.Decrement(ref logic._unreported);
            }

            public void Report(ErrorCode error, Partition partition, Offset offset, Timestamp timestamp)
            {
                if (error != ErrorCode.NoError)
                    Failure = new DeliveryException(Record!.To, new Error(error));
                (_partition, _offset, _timestamp) = (partition, offset, timestamp);
                Volatile.Write(ref _isReported, true);
                logic.Reported();
            }
        }
    }
}

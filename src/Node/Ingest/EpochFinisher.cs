using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;
using StockActors.Sinks;
using StockActors.Sinks.Compaction;

namespace StockActors.Node.Ingest;

/// <summary>Reads an unfinished epoch again from Kafka, as whoever takes the lane over would, and leaves the lane at that.</summary>
internal sealed class EpochFinisher(Lake lake, KafkaLog log) : IEpochFinisher
{
    public async Task<string?> FinishAsync(string topic, string topicId, int lane, CancellationToken cancellation)
    {
        try
        {
            if ((await log.FindAsync(topic, cancellation))?.Id != topicId)
                return "Its topic is gone.";
            using var dead = new DeadLetters(log.Settings, topic);
            var writer = new LaneWriter(lake, new LaneLog(log, topic, lane, dead, () => null), topic, lane, Environment.MachineName);
            var start = await writer.RecoverAsync(cancellation);
            if (writer.IsIdle)
                return null;
            await ReadAsync(writer, start, cancellation);
            await writer.FlushAsync(cancellation);
            return null;
        }
        catch (LaneLostException)
        {
            // Its owner lives, and has gone on.
            return null;
        }
        catch (Exception e) when (e is LaneStoppedException or LogException)
        {
            return e.Message;
        }
    }

    private async Task ReadAsync(LaneWriter writer, LaneOffset start, CancellationToken cancellation)
    {
        using var system = ActorSystem.Create("finish", "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }");
        using var materializer = system.Materializer();
        var settings = new ConsumerSettings(log.Settings, $"stockactors.{lake.Name}.finish");
        var from = Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(start.Topic, start.Lane, start.Offset));
        var (consumer, done) = KafkaConsumer.BatchedPartitionedSource(settings, from)
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(1, partition => partition.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                    writer.Add(batch);
                return !writer.IsFull;
            })
            .ToMaterialized(Sink.Ignore<RecordBatch>(), Keep.Both)
            .Run(materializer);
        await using var stopping = cancellation.Register(consumer.Stop);
        try
        {
            await done;
        }
        finally
        {
            await consumer.Shutdown();
        }

        cancellation.ThrowIfCancellationRequested();
    }
}

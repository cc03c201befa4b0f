using Akka;
using Akka.Streams.Dsl;
using StockActors.Market;

namespace StockActors.Pipeline;

/// <summary>A lane that was assigned to this consumer.</summary>
/// <param name="Lane">The partition.</param>
/// <param name="Records">Its records, in batches, from where it was told to start; completes when the lane is revoked or the consumer stops. Materialize once.</param>
public sealed record LaneSource(int Lane, Source<RecordBatch, NotUsed> Records);

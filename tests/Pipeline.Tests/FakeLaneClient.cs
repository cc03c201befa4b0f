using Confluent.Kafka;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Tests;

/// <summary>A client that keeps what it is given and does as it is told; it tells every call it got.</summary>
internal sealed class FakeLaneClient : ILaneClient
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly List<(string Topic, byte[] Value)> _open = [];

    /// <summary>What a call does before it succeeds, by the call's name; it is given how often that call came, from 1.</summary>
    public Dictionary<string, Action<int>> On { get; } = [];

    /// <summary>How many records fit into the queue until <see cref="AwaitRoom"/> empties it.</summary>
    public int Room { get; init; } = int.MaxValue;

    public List<(string Topic, byte[] Value)> Committed { get; } = [];

    public string? LastError => null;

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    private int Queued { get; set; }

    public void InitTransactions(TimeSpan timeout) => Call("init");

    public void BeginTransaction() => Call("begin");

    public int Produce(TopicPartition to, RecordBuffer records, int first, int end)
    {
        Call("produce");
        var taken = Math.Min(end, first + (Room - Queued));
        Queued += taken - first;
        for (var i = first; i < taken; i++)
            _open.Add((to.Topic, records.Written[records[i].KeyEnd..records[i].End].ToArray()));
        return taken;
    }

    public void AwaitRoom(TimeSpan timeout)
    {
        Call("await room");
        Queued = 0;
    }

    public void CommitTransaction(TimeSpan timeout)
    {
        Call("commit");
        Committed.AddRange(_open);
        _open.Clear();
    }

    public void AbortTransaction(TimeSpan timeout)
    {
        Call("abort");
        _open.Clear();
    }

    public void Dispose() => Call("dispose");

    private void Call(string name)
    {
        int times;
        lock (_gate)
        {
            _calls.Add(name);
            times = _calls.Count(c => c == name);
        }

        if (On.TryGetValue(name, out var effect))
            effect(times);
    }
}

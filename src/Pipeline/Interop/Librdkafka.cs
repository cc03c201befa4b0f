using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace StockActors.Pipeline.Interop;

/// <summary>
/// What Confluent.Kafka does not offer of the librdkafka it has loaded: reading a partition's own queue in batches, being woken when it fills,
/// producing in batches, and the in-process mock cluster. Everything else stays Confluent.Kafka.
/// </summary>
internal static unsafe partial class Librdkafka
{
    private const string Library = "librdkafka";

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, ResolveLoaded);

    /// <summary>The native handle behind a client; it lives as long as the client.</summary>
    public static SafeHandle HandleOf(IClient client) => (SafeHandle)NativeHandle(client.Handle);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object NativeHandle(Handle handle);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_partition", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint QueueOfPartition(SafeHandle client, string topic, int partition);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueOfConsumer(SafeHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_forward")]
    public static partial void ForwardQueue(nint queue, nint to);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_cb_event_enable")]
    public static partial void WakeOnEvent(nint queue, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint ConsumeBatch(nint queue, int timeoutMs, Message** messages, nint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void DestroyMessage(Message* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_leader_epoch")]
    public static partial int LeaderEpochOf(Message* message);

    /// <summary><c>RD_KAFKA_MSG_F_COPY</c>: the payload is copied before the call returns; a key always is.</summary>
    public const int CopyPayload = 2;

    /// <summary>Gives up to <paramref name="count"/> messages to a partition; each says in its error whether it was taken.</summary>
    /// <returns>How many were.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_produce_batch")]
    public static partial int ProduceBatch(nint topic, int partition, int flags, Message* messages, int count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(SafeHandle client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void DestroyTopic(nint topic);

    /// <summary>Why the last call of this thread that gave nothing back failed.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_last_error")]
    public static partial ErrorCode LastError();

    [LibraryImport(Library, EntryPoint = "rd_kafka_handle_mock_cluster")]
    public static partial nint MockClusterOf(SafeHandle client);

    /// <summary>The addresses of the mock cluster's brokers.</summary>
    public static string MockBootstrapServers(nint cluster) => Marshal.PtrToStringUTF8(BootstrapsOf(cluster))!;

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint BootstrapsOf(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode CreateMockTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetMockRebalanceDelay(nint cluster, int milliseconds);

    /// <summary>The text of the error that a message carries in place of a record.</summary>
    public static string ErrorTextOf(Message* message) => Marshal.PtrToStringUTF8(ErrorText(message)) ?? message->Error.ToString();

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_errstr")]
    private static partial nint ErrorText(Message* message);

    /// <summary>Confluent.Kafka chooses one of several builds of the library by what the machine has; the one it loaded is the only right one.</summary>
    private static nint ResolveLoaded(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        Confluent.Kafka.Library.Load();
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (module.ModuleName.Contains("rdkafka", StringComparison.OrdinalIgnoreCase) && !module.ModuleName.Contains("rdkafkacpp", StringComparison.OrdinalIgnoreCase))
                return NativeLibrary.Load(module.FileName);
        }

        throw new DllNotFoundException("librdkafka is not loaded, though Confluent.Kafka should have loaded it.");
    }

    /// <summary><c>rd_kafka_message_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public ErrorCode Error;
        public nint Topic;
        public int Partition;
        public byte* Payload;
        public nint Length;
        public byte* Key;
        public nint KeyLength;
        public long Offset;
        private readonly nint _private;

        public readonly ReadOnlySpan<byte> KeySpan => new(Key, (int)KeyLength);

        public readonly ReadOnlySpan<byte> ValueSpan => new(Payload, (int)Length);
    }
}

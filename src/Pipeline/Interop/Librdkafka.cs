using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace StockActors.Pipeline.Interop;

/// <summary>
/// What Confluent.Kafka does not offer of the librdkafka it has loaded: reading a partition's own queue in batches, being woken when it fills,
/// producing in batches and without an object for each record, and the in-process mock cluster. Everything else stays Confluent.Kafka.
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

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_length")]
    public static partial nint LengthOf(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint ConsumeBatch(nint queue, int timeoutMs, Message** messages, nint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void DestroyMessage(Message* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_leader_epoch"), SuppressGCTransition]
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

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_poll")]
    public static partial int Poll(nint client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_outq_len")]
    public static partial int Undelivered(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    /// <summary>Gives up all that is queued or in flight; each record's report says so.</summary>
    public static void PurgeAll(nint client) => Purge(client, 1 | 2);

    [LibraryImport(Library, EntryPoint = "rd_kafka_purge")]
    private static partial ErrorCode Purge(nint client, int flags);

    /// <summary>A producer whose delivery reports go to a callback, on the thread that polls it. It logs nothing by itself.</summary>
    /// <exception cref="LogException">A property is not librdkafka's.</exception>
    public static nint NewProducer(ProducerConfig config, delegate* unmanaged[Cdecl]<nint, Message*, nint, void> onDelivery)
    {
        const int textSize = 512;
        var text = stackalloc byte[textSize];
        var configuration = NewConfiguration();
        // What begins so is read by Confluent.Kafka itself.
        foreach (var (key, value) in config.Where(property => !property.Key.StartsWith("dotnet.", StringComparison.Ordinal)))
        {
            if (SetConfiguration(configuration, key, value, text, textSize) == 0)
                continue;
            DestroyConfiguration(configuration);
            throw new LogException($"Kafka's client does not take this configuration: {Marshal.PtrToStringUTF8((nint)text)} Check Kafka:Properties.");
        }

        SetDeliveryCallback(configuration, onDelivery);
        SetLogCallback(configuration, 0);
        var client = NewClient(0, configuration, text, textSize);
        if (client != 0)
            return client;
        DestroyConfiguration(configuration);
        throw new LogException($"Kafka's client does not take this configuration: {Marshal.PtrToStringUTF8((nint)text)} Check Kafka:Properties.");
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    private static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetConfiguration(nint configuration, string key, string value, byte* text, nint textSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_dr_msg_cb")]
    private static partial void SetDeliveryCallback(nint configuration, delegate* unmanaged[Cdecl]<nint, Message*, nint, void> onDelivery);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
    private static partial void SetLogCallback(nint configuration, nint onLog);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint NewClient(int kind, nint configuration, byte* text, nint textSize);

    /// <summary>Queues one record.</summary>
    public static ErrorCode Produce(nint client, ProduceField* fields, int count)
    {
        var error = ProduceFields(client, fields, count);
        if (error == 0)
            return ErrorCode.NoError;
        var code = CodeOf(error);
        DestroyError(error);
        return code;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    private static partial nint ProduceFields(nint client, ProduceField* fields, nint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    private static partial ErrorCode CodeOf(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    private static partial void DestroyError(nint error);

    /// <summary>When a message was made, or came to the log.</summary>
    public static Timestamp TimestampOf(Message* message)
    {
        TimestampType type;
        var milliseconds = TimestampOf(message, &type);
        return new Timestamp(milliseconds, type);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_timestamp"), SuppressGCTransition]
    private static partial long TimestampOf(Message* message, TimestampType* type);

    /// <summary>A message's headers; <c>null</c> where it has none.</summary>
    public static Headers? HeadersOf(Message* message)
    {
        nint list;
        if (HeadersOf(message, &list) != ErrorCode.NoError)
            return null;
        var headers = new Headers();
        nint name, value, size;
        for (nint i = 0; HeaderOf(list, i, &name, &value, &size) == ErrorCode.NoError; i++)
            headers.Add(Marshal.PtrToStringUTF8(name)!, value == 0 ? null : new ReadOnlySpan<byte>((void*)value, (int)size).ToArray());
        return headers;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_headers")]
    private static partial ErrorCode HeadersOf(Message* message, nint* headers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_header_get_all")]
    private static partial ErrorCode HeaderOf(nint headers, nint index, nint* name, nint* value, nint* size);

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
        /// <summary>Of a produced message: what it was produced with.</summary>
        public nint Opaque;

        public readonly ReadOnlySpan<byte> KeySpan => new(Key, (int)KeyLength);

        public readonly ReadOnlySpan<byte> ValueSpan => new(Payload, (int)Length);
    }

    /// <summary><c>rd_kafka_vu_t</c>: one of the fields that a record is produced with, and the fields' kinds.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct ProduceField
    {
        public const int Topic = 2;
        public const int Partition = 3;
        public const int Value = 4;
        public const int Key = 5;
        public const int Opaque = 6;
        public const int Flags = 7;
        public const int Timestamp = 8;
        public const int Header = 9;

        [FieldOffset(0)]
        public int Kind;

        /// <summary>Of <see cref="Partition"/>, <see cref="Flags"/> and <see cref="Timestamp"/>; the narrower are its low bytes.</summary>
        [FieldOffset(8)]
        public long Number;

        /// <summary>A topic's handle, an opaque, where a key or value is, or a header's name, ended by a zero.</summary>
        [FieldOffset(8)]
        public nint Pointer;

        /// <summary>The size of a key or value; for a header where its value is.</summary>
        [FieldOffset(16)]
        public nint Size;

        [FieldOffset(24)]
        public nint HeaderSize;
    }
}

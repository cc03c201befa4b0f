using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>Where librdkafka's delivery reports come in: each to the one who waits for it.</summary>
internal static unsafe class DeliveryReports
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void OnDelivery(nint client, Librdkafka.Message* message, nint opaque)
    {
        var waiting = GCHandle.FromIntPtr(message->Opaque);
        var delivery = (IDelivery)waiting.Target!;
        waiting.Free();
        delivery.Report(message->Error, message->Partition, message->Offset, Librdkafka.TimestampOf(message));
    }
}

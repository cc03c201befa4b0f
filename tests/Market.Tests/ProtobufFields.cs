using Google.Protobuf;

namespace StockActors.Market.Tests;

/// <summary>A Protobuf message taken apart into its fields, to be shuffled, enriched and put together again.</summary>
internal static class ProtobufFields
{
    public static List<byte[]> Split(byte[] message)
    {
        var fields = new List<byte[]>();
        using var input = new CodedInputStream(message);
        while (!input.IsAtEnd)
        {
            var start = (int)input.Position;
            input.ReadTag();
            input.SkipLastField();
            fields.Add(message[start..(int)input.Position]);
        }

        return fields;
    }

    public static byte[] Join(IEnumerable<byte[]> fields) => [.. fields.SelectMany(f => f)];

    /// <summary>The message with its fields, and those of its body, shuffled and strewn with fields of numbers that ticks.proto does not know.</summary>
    public static byte[] Shuffle(byte[] tick, Random random)
    {
        var fields = Split(tick);
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i][0] is 0x32 or 0x3A or 0x42 or 0x4A)
            {
                using var input = new CodedInputStream(fields[i]);
                var tag = input.ReadTag();
                fields[i] = Bytes(output =>
                {
                    output.WriteTag(tag);
                    output.WriteBytes(ByteString.CopyFrom(Strew(Split(input.ReadBytes().ToByteArray()), random)));
                });
            }
        }

        return Strew(fields, random);
    }

    private static byte[] Strew(List<byte[]> fields, Random random)
    {
        for (var extra = random.Next(4); extra > 0; extra--)
            fields.Add(Unknown(random, depth: 0));
        var order = fields.ToArray();
        random.Shuffle(order);
        return Join(order);
    }

    private static byte[] Unknown(Random random, int depth)
    {
        // Numbers above 15 and at the very end take tags of two to five bytes.
        var number = random.Next(3) switch { 0 => random.Next(13, 15), 1 => random.Next(16, 3000), _ => (1 << 29) - 1 - random.Next(9) };
        return Bytes(output =>
        {
            switch (random.Next(5))
            {
                case 0:
                    output.WriteTag(number, WireFormat.WireType.Varint);
                    output.WriteUInt64((ulong)random.NextInt64() >> random.Next(64));
                    break;
                case 1:
                    output.WriteTag(number, WireFormat.WireType.Fixed64);
                    output.WriteFixed64((ulong)random.NextInt64());
                    break;
                case 2:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(ByteString.CopyFrom(new byte[random.Next(300)]));
                    break;
                case 3:
                    output.WriteTag(number, WireFormat.WireType.StartGroup);
                    for (var inner = depth < 3 ? random.Next(3) : 0; inner > 0; inner--)
                        output.WriteRawBytes(Unknown(random, depth + 1));
                    output.WriteTag(number, WireFormat.WireType.EndGroup);
                    break;
                default:
                    output.WriteTag(number, WireFormat.WireType.Fixed32);
                    output.WriteFixed32((uint)random.Next());
                    break;
            }
        });
    }

    private static byte[] Bytes(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static void WriteRawBytes(this CodedOutputStream output, byte[] bytes)
    {
        foreach (var b in bytes)
            output.WriteRawTag(b);
    }
}

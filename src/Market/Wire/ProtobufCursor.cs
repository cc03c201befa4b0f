using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace StockActors.Market.Wire;

/// <summary>A place in a Protobuf message, and how to read on from it. After a <c>false</c>, <see cref="Fault"/> says why.</summary>
internal ref struct ProtobufCursor
{
    private const int MaxGroupDepth = 100;

    private readonly ReadOnlySpan<byte> _data;
    private int _at;
    private ProtobufFault _fault;

    /// <summary>Stands at a byte of the data.</summary>
    public ProtobufCursor(ReadOnlySpan<byte> data, int at = 0)
    {
        _data = data;
        _at = at;
    }

    /// <summary>The next byte to be read.</summary>
    public readonly int Position => _at;

    /// <summary>Whether all is read.</summary>
    public readonly bool AtEnd => _at >= _data.Length;

    /// <summary>What was wrong, to stand behind "the field at byte n".</summary>
    public readonly string Fault => _fault switch
    {
        ProtobufFault.LongVarint => "has a varint of more than ten bytes",
        ProtobufFault.FieldZero => "has no field number",
        ProtobufFault.WireType => "has a wire type that does not exist",
        ProtobufFault.Group => "is a group that does not end as it began",
        _ => $"ends beyond the message's last byte, {_data.Length - 1}",
    };

    /// <summary>Reads a tag: field number and wire type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(out uint tag)
    {
        if ((uint)_at < (uint)_data.Length && (sbyte)_data[_at] >= 8)
        {
            tag = _data[_at++];
            return true;
        }

        return TryReadLongTag(out tag);
    }

    /// <summary>Reads a varint of up to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadVarint(out long number)
    {
        if ((uint)_at < (uint)_data.Length && (sbyte)_data[_at] >= 0)
        {
            number = _data[_at++];
            return true;
        }

        // Eight bytes at once, as prices have six: the first byte without a continuation bit ends the number, and the sevens of bits close up
        // in three steps.
        if (_data.Length - _at >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(_data[_at..]);
            var ends = ~word & 0x8080808080808080;
            if (ends != 0)
            {
                word &= ends ^ (ends - 1);
                word = (word & 0x007f007f007f007f) | ((word & 0x7f007f007f007f00) >> 1);
                word = (word & 0x00003fff00003fff) | ((word & 0x3fff00003fff0000) >> 2);
                word = (word & 0x000000000fffffff) | ((word & 0x0fffffff00000000) >> 4);
                number = (long)word;
                _at += (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
                return true;
            }
        }

        return TryReadAnyVarint(out number);
    }

    /// <summary>Reads eight bytes, the lowest first.</summary>
    public bool TryReadFixed64(out long number)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(_data[_at..], out number))
            return Fail(ProtobufFault.End);
        _at += sizeof(long);
        return true;
    }

    /// <summary>Reads a length and so many bytes.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryReadVarint(out var length))
            return false;
        if ((ulong)length > (ulong)(_data.Length - _at))
            return Fail(ProtobufFault.End);
        bytes = _data.Slice(_at, (int)length);
        _at += (int)length;
        return true;
    }

    /// <summary>Passes over the value of a field.</summary>
    public bool TrySkip(uint tag) => TrySkip(tag, MaxGroupDepth);

    private bool TrySkip(uint tag, int depth)
    {
        switch (tag & 7)
        {
            case 0:
                return TryReadVarint(out _);
            case 1:
                return TryAdvance(sizeof(long));
            case 2:
                return TryReadBytes(out _);
            case 3 when depth > 0:
                while (TryReadTag(out var inner))
                {
                    if ((inner & 7) == 4)
                        return inner >> 3 == tag >> 3 || Fail(ProtobufFault.Group);
                    if (!TrySkip(inner, depth - 1))
                        return false;
                }

                return false;
            case 3 or 4:
                return Fail(ProtobufFault.Group);
            case 5:
                return TryAdvance(sizeof(int));
            default:
                return Fail(ProtobufFault.WireType);
        }
    }

    private bool TryAdvance(int bytes)
    {
        if (_data.Length - _at < bytes)
            return Fail(ProtobufFault.End);
        _at += bytes;
        return true;
    }

    private bool TryReadLongTag(out uint tag)
    {
        tag = 0;
        if (!TryReadVarint(out var number))
            return false;
        tag = (uint)number;
        return tag >> 3 != 0 || Fail(ProtobufFault.FieldZero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadAnyVarint(out long number)
    {
        ulong sum = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (AtEnd)
            {
                number = 0;
                return Fail(ProtobufFault.End);
            }

            var part = _data[_at++];
            sum |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                number = (long)sum;
                return true;
            }
        }

        number = 0;
        return Fail(ProtobufFault.LongVarint);
    }

    private bool Fail(ProtobufFault fault)
    {
        _fault = fault;
        return false;
    }
}

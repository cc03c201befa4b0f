using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StockActors.Market.Wire;

/// <summary>
/// What stands between the values of the records that were read before, and which field each such part leads to: a producer writes all its records alike, so
/// what follows a part is nearly always what followed it last, or before that. It only spares looking names up: a reader compares it with what stands there.
/// </summary>
/// <remarks>Not thread-safe. Bounded, whatever the records; what it has no room for is looked up each time.</remarks>
internal sealed class JsonShape
{
    private const int MostParts = 256;
    private const int LongestPart = 32;

    private readonly Part?[] _byLength = new Part?[LongestPart + 1];
    private int _count;

    /// <summary>What stands before all parts.</summary>
    public Part Start { get; } = new([], TickField.None, null);

    /// <summary>Takes in what followed a part.</summary>
    /// <param name="before">The part; <c>null</c> where it was not kept.</param>
    /// <param name="text">What stands between the value behind it and the next value.</param>
    /// <param name="field">The field that it names.</param>
    /// <returns>The part of this text; <c>null</c> where it is not kept.</returns>
    public Part? Learn(Part? before, ReadOnlySpan<byte> text, TickField field)
    {
        if (text.Length > LongestPart)
            return null;
        ref var first = ref _byLength[text.Length];
        var part = first;
        while (part is not null && !text.SequenceEqual(part.Text))
            part = part.SameLength;
        if (part is null)
        {
            if (_count == MostParts)
                return null;
            _count++;
            first = part = new Part(text.ToArray(), field, first);
        }

        before?.Follow(part);
        return part;
    }

    /// <summary>A text between two values.</summary>
    internal sealed class Part(byte[] text, TickField leadsTo, Part? sameLength)
    {
        // Up to 16 bytes are compared at once: those of the text, filled up with zeros, and which of them count.
        private readonly Vector128<byte> _bytes = Filled(text);
        private readonly Vector128<byte> _counting = Filled([.. text.Select(_ => byte.MaxValue)]);
        private Part? _usual;
        private Part? _other;

        /// <summary>The text: what ends the value before, the name, and what begins the value.</summary>
        public ReadOnlySpan<byte> Text => text;

        /// <summary>The field that it names.</summary>
        public TickField Field => leadsTo;

        /// <summary>Another part of the same length.</summary>
        public Part? SameLength => sameLength;

        /// <summary>What followed it before and stands at the beginning of a text; <c>null</c> where that is something else.</summary>
        public Part? Next(ReadOnlySpan<byte> text) =>
            _usual is { } usual && usual.Begins(text) ? usual
            : _other is { } other && other.Begins(text) ? other
            : null;

        /// <summary>Keeps what followed it now, and what did before that.</summary>
        public void Follow(Part next) => (_usual, _other) = (next, _usual);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool Begins(ReadOnlySpan<byte> other) => text.Length <= Vector128<byte>.Count && other.Length >= Vector128<byte>.Count
            ? ((Vector128.Create(other) ^ _bytes) & _counting) == Vector128<byte>.Zero
            : other.StartsWith(text);

        private static Vector128<byte> Filled(ReadOnlySpan<byte> bytes)
        {
            Span<byte> filled = stackalloc byte[Vector128<byte>.Count];
            bytes[..Math.Min(bytes.Length, filled.Length)].CopyTo(filled);
            return Vector128.Create<byte>(filled);
        }
    }
}

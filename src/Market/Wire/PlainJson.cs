using System.Buffers;
using System.Runtime.CompilerServices;

namespace StockActors.Market.Wire;

/// <summary>
/// The names and values of a JSON object as nearly every producer writes it: flat, in ASCII, without escapes. Where a text is anything else, right or
/// wrong, it says so and no more: <see cref="System.Text.Json.Utf8JsonReader"/> decides then.
/// </summary>
/// <remarks>A third quicker than that reader: row <c>wire.decode.json</c> of the benchmarks.</remarks>
internal ref struct PlainJson(ReadOnlySpan<byte> json)
{
    private const int MostDigits = 18;

    /// <summary>What ends a text, or makes it one for the general reader: all but printable ASCII, the quote and the backslash.</summary>
    private static readonly SearchValues<byte> PlainEnds = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b is < ' ' or > 0x7f or '"' or '\\').Select(b => (byte)b)]);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private ulong _digits;
    private int _fraction;
    private bool _isNegative;
    private bool _isShort;
    private bool _isClosed;

    /// <summary>The field's name.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The field's value: a text without its quotes, a number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the value is a text.</summary>
    public bool IsText { get; private set; }

    /// <summary>Takes the opening brace.</summary>
    /// <returns><c>false</c> where something else stands there.</returns>
    public bool TryOpen() => TryTake((byte)'{');

    /// <summary>Goes to the next field.</summary>
    /// <param name="isFirst">Whether none came before it.</param>
    /// <returns>Whether there is one; <see cref="IsWhole"/> says whether the object ends where there is none.</returns>
    public bool TryNext(bool isFirst)
    {
        _isClosed = TryTake((byte)'}');
        if (_isClosed || (!isFirst && !TryTake((byte)',')) || !TryText(out var name) || !TryTake((byte)':'))
            return false;
        Name = name;
        SkipSpace();
        if (_at == _json.Length)
            return false;
        _isShort = false;
        IsText = _json[_at] == '"';
        return IsText ? TryText(out var text) && Is(text) : TryNumber() || TryLiteral();
    }

    /// <summary>Whether the object has ended, and nothing stands behind it.</summary>
    public bool IsWhole
    {
        get
        {
            SkipSpace();
            return _isClosed && _at == _json.Length;
        }
    }

    /// <summary>The value as a number of units of 10^-<paramref name="decimals"/>.</summary>
    /// <returns><c>false</c> where it has more decimals than that, or more digits than 64 bits surely hold: the caller reads its text.</returns>
    public readonly bool TryNumber(int decimals, out long number)
    {
        number = 0;
        var shift = decimals - _fraction;
        if (IsText || !_isShort || shift < 0 || Math.BigMul(_digits, Price.PowersOfTen[shift], out var units) != 0 || units > long.MaxValue)
            return false;
        number = _isNegative ? -(long)units : (long)units;
        return true;
    }

    private bool Is(ReadOnlySpan<byte> value)
    {
        Value = value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(byte wanted)
    {
        SkipSpace();
        if (_at == _json.Length || _json[_at] != wanted)
            return false;
        _at++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
    }

    private bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTake((byte)'"'))
            return false;
        var length = _json[_at..].IndexOfAny(PlainEnds);
        if (length < 0 || _json[_at + length] != '"')
            return false;
        text = _json.Slice(_at, length);
        _at += length + 1;
        return true;
    }

    // -?(0|[1-9][0-9]*)(\.[0-9]+)? and nothing of a number behind it.
    private bool TryNumber()
    {
        var start = _at;
        _isNegative = _json[_at] == '-';
        if (_isNegative)
            _at++;
        _digits = 0;
        _fraction = 0;
        var whole = Digits();
        if (whole == 0 || (whole > 1 && _json[_at - whole] == '0'))
            return Back(start);
        if (_at < _json.Length && _json[_at] == '.')
        {
            _at++;
            _fraction = Digits();
            if (_fraction == 0)
                return Back(start);
        }

        _isShort = whole + _fraction <= MostDigits;
        return Ends() ? Is(_json[start.._at]) : Back(start);
    }

    private int Digits()
    {
        var start = _at;
        for (uint digit; _at < _json.Length && (digit = (uint)(_json[_at] - '0')) <= 9; _at++)
            _digits = (_digits * 10) + digit;
        return _at - start;
    }

    private bool TryLiteral()
    {
        foreach (var literal in (ReadOnlySpan<int>)[4, 5])
        {
            var value = _json[_at..Math.Min(_at + literal, _json.Length)];
            if (!value.SequenceEqual("null"u8) && !value.SequenceEqual("true"u8) && !value.SequenceEqual("false"u8))
                continue;
            _at += literal;
            return Ends() && Is(value);
        }

        return false;
    }

    private readonly bool Ends() => _at < _json.Length && _json[_at] is (byte)',' or (byte)'}' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private bool Back(int start)
    {
        _at = start;
        return false;
    }
}

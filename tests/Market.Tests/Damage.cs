using CsCheck;

namespace StockActors.Market.Tests;

/// <summary>A few bytes of a record changed, dropped or put in.</summary>
internal sealed record Damage((int What, double Where, byte Byte)[] Steps)
{
    public static readonly Gen<Damage> Gen = CsCheck.Gen.Select(CsCheck.Gen.Int[0, 3], CsCheck.Gen.Double.Unit, CsCheck.Gen.Byte).Array[1, 4].Select(steps => new Damage(steps));

    public byte[] Of(byte[] value)
    {
        var bytes = value.ToList();
        foreach (var (what, where, b) in Steps)
        {
            var at = (int)(where * bytes.Count);
            if (what == 0 || bytes.Count == 0)
                bytes.Insert(at, b);
            else if (what == 1)
                bytes.RemoveAt(at);
            else if (what == 2)
                bytes[at] = b;
            else
                bytes[at] ^= (byte)(1 << (b & 7));
        }

        return [.. bytes];
    }
}

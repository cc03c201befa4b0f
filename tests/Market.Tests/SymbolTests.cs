using System.Text;
using CsCheck;

namespace StockActors.Market.Tests;

public class SymbolTests
{
    [Fact]
    public void Text_and_bytes_are_judged_alike() => Gen.Char['\0', '\u00FF'].Array[0, 40].Sample(chars =>
    {
        var text = new string(chars);
        var valid = text.Length is >= 1 and <= 32 && text.All(c => c is > ' ' and <= '~' and not ('"' or '\'' or '/' or '\\'));
        Assert.Equal(valid, Symbol.IsValid(text));
        Assert.Equal(valid, Symbol.IsValid(Encoding.UTF8.GetBytes(text)));
    }, iter: 20_000);

    [Fact]
    public void A_symbol_is_valid() => TickGen.Symbol.Sample(text => Assert.True(Symbol.IsValid(text)));

    [Fact]
    public void No_text_is_no_symbol() => Assert.False(Symbol.IsValid((string?)null));
}

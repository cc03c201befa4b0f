using System.Text;
using StockActors.Market.Wire;

namespace StockActors.Market.Tests;

public class StringPoolTests
{
    [Fact]
    public void A_text_is_made_once()
    {
        var pool = new StringPool(8);
        Assert.Null(pool.Find("S001"u8));
        var text = pool.Add("S001"u8);
        Assert.Same(text, pool.Find("S001"u8));
    }

    [Fact]
    public void A_pool_keeps_no_more_than_it_was_made_for()
    {
        var pool = new StringPool(8);
        var texts = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"S{i:D4}")).ToArray();
        foreach (var text in texts)
            pool.Add(text);
        Assert.InRange(texts.Count(text => pool.Find(text) is not null), 1, 8);
    }

    [Fact]
    public void A_text_is_never_taken_for_another()
    {
        // So many that, of the hashes' 32 bits, several pairs are alike.
        var pool = new StringPool(1 << 19);
        for (var i = 0; i < 300_000; i++)
        {
            var utf8 = Encoding.UTF8.GetBytes($"{i:X8}");
            Assert.Null(pool.Find(utf8));
            pool.Add(utf8);
        }
    }

    [Fact]
    public void A_long_text_is_not_kept()
    {
        var pool = new StringPool(8);
        var utf8 = Encoding.UTF8.GetBytes(new string('x', 65));
        Assert.Equal(65, pool.Add(utf8).Length);
        Assert.Null(pool.Find(utf8));
    }
}

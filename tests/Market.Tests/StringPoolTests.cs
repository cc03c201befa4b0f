using System.Globalization;
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
        // So many that several pairs of them are alike in the 32 bits of their hashes.
        const int count = 300_000;
        var pool = new StringPool(1 << 19);
        var random = new Random(20260105);
        var texts = new HashSet<string>();
        while (texts.Count < count)
            texts.Add(random.NextInt64().ToString("x16", CultureInfo.InvariantCulture)[4..]);
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
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

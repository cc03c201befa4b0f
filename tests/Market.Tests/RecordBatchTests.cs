using CsCheck;

namespace StockActors.Market.Tests;

public class RecordBatchTests
{
    private static readonly Gen<(int Gap, byte[] Key, byte[] Value, bool IsTombstone)> Record =
        Gen.Select(Gen.Int[0, 3], Gen.Byte.Array[0, 10], Gen.Byte.Array[0, 300], Gen.Int[0, 9].Select(n => n == 0));

    [Fact]
    public void Records_come_out_as_they_went_in() => Gen.Select(Gen.Long[0, 1000], Record.Array[0, 200], Gen.Int[0, 3]).Sample((first, records, hint) =>
    {
        using var batch = new RecordBatch("ticks", 3, first, hint, hint);
        var offset = first;
        var offsets = new List<long>();
        foreach (var (gap, key, value, isTombstone) in records)
        {
            offset += gap;
            batch.Add(offset, key, isTombstone ? [] : value, isTombstone);
            offsets.Add(offset++);
        }

        Assert.Equal((records.Length, first, offset), (batch.Count, batch.FirstOffset, batch.NextOffset));
        Assert.Equal(records.Sum(r => r.Key.Length + (r.IsTombstone ? 0 : r.Value.Length)), batch.Bytes);
        for (var i = 0; i < records.Length; i++)
        {
            var record = batch[i];
            Assert.Equal((offsets[i], records[i].IsTombstone), (record.Offset, record.IsTombstone));
            Assert.Equal(records[i].Key, record.Key.ToArray());
            Assert.Equal(records[i].IsTombstone ? [] : records[i].Value, record.Value.ToArray());
        }
    });

    [Fact]
    public void Offsets_only_rise()
    {
        using var batch = new RecordBatch("ticks", 0, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(9, default, "x"u8));
        batch.Add(12, default, "x"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(12, default, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.MoveTo(12));
        batch.MoveTo(20);
        Assert.Equal((1, 20), (batch.Count, batch.NextOffset));
    }

    [Fact]
    public void There_are_no_records_beyond_the_last()
    {
        using var batch = new RecordBatch("ticks", 0, 0);
        batch.Add(0, "k"u8, "v"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[1].Offset);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[-1].Offset);
    }

    [Fact]
    public void A_batch_that_was_disposed_of_gives_nothing_and_may_be_disposed_of_again()
    {
        var batch = new RecordBatch("ticks", 0, 0);
        batch.Add(0, "k"u8, "v"u8);
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch[0].Offset);
        Assert.Throws<ObjectDisposedException>(() => batch.Add(1, "k"u8, "v"u8));
    }
}

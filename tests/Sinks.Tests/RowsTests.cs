using CsCheck;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests;

public sealed class RowsTests
{
    [Fact]
    public void Values_keep_their_rows_however_the_room_grows() => Gen.Int[1, 3 * Rows<int>.PerPiece].Array[1, 6].Sample(capacities =>
    {
        var rows = new Rows<int>();
        var filled = 0;
        foreach (var capacity in capacities.Order())
        {
            rows.Grow(capacity);
            for (; filled < capacity; filled++)
                rows[filled] = filled + 1;
        }

        Assert.All(Enumerable.Range(0, filled), row => Assert.Equal(row + 1, rows[row]));
        rows.Clear();
        Assert.True(rows.IsEmpty);
    }, iter: 50);

    [Fact]
    public void Rows_that_are_asked_for_as_zeros_are_zeros_whatever_another_table_left_there() => Gen.Int[1, 3 * Rows<int>.PerPiece].Sample(capacity =>
    {
        var rows = new Rows<int>();
        rows.Grow(capacity);
        for (var row = 0; row < capacity; row++)
            rows[row] = -1;
        rows.Clear();
        rows.Grow(capacity, zeroed: true);
        for (var row = 0; row < capacity; row++)
            Assert.Equal(0, rows[row]);
    }, iter: 50);
}

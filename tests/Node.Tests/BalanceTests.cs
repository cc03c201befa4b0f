using StockActors.Market;

namespace StockActors.Node.Tests;

public sealed class BalanceTests
{
    private static readonly TickCounts Ten = new(4, 3, 2, 1);

    [Fact]
    public void Equal_counts_at_every_station_have_no_difference() => Assert.Empty(new Balance(Ten, Ten, Ten, Ten).Differences);

    [Fact]
    public void Counts_that_are_equal_in_all_but_not_kind_by_kind_differ()
    {
        var shifted = new TickCounts(3, 4, 2, 1);

        Assert.Equal(2, new Balance(Ten, Ten, Ten, shifted).Differences.Count);
    }

    [Fact]
    public void A_difference_names_table_stations_and_how_many()
    {
        var difference = Assert.Single(new Balance(Ten, Ten, Ten with { Quotes = 1 }, Ten with { Quotes = 1 }).Differences);

        Assert.Contains("quotes", difference, StringComparison.Ordinal);
        Assert.Contains("3 acknowledged by Kafka", difference, StringComparison.Ordinal);
        Assert.Contains("1 rows in Parquet", difference, StringComparison.Ordinal);
        Assert.Contains("2 missing", difference, StringComparison.Ordinal);
    }
}

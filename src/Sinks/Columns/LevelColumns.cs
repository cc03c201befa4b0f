using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>The columns of one side's best level.</summary>
internal sealed class LevelColumns(string side)
{
    private readonly ValueColumn<long> _price = new($"{side}_px", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _size = new($"{side}_sz", ColumnType.Size, nullable: true);
    private readonly ValueColumn<int> _count = new($"{side}_ct", ColumnType.Int, nullable: true);

    public IReadOnlyList<Column> All => [_price, _size, _count];

    public void Set(int row, BookLevel? level)
    {
        _price.Set(row, level?.Price);
        _size.Set(row, level?.Size);
        _count.Set(row, level?.Count);
    }
}

using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>runs</c>.</summary>
internal sealed class RunColumns(RowTexts texts) : TableColumns(TickKind.Run, texts)
{
    private readonly ValueColumn<long> _seed = new("seed", ColumnType.Counter, nullable: false);
    private readonly TextColumn _scenario = new("scenario", texts.Setups);
    private readonly TextColumn _configuration = new("configuration", texts.Setups);

    protected override IEnumerable<Column> Own => [_seed, _scenario, _configuration];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var run = tick.Run!;
        _seed.Set(row, run.Seed);
        _scenario.Set(row, run.Scenario);
        _configuration.Set(row, run.Configuration);
    }
}

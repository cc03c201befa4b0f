using System.CommandLine;
using System.CommandLine.Parsing;
using StockActors.Node.Commands;

var root = new RootCommand(
    """
    StockActors: a market feed and a tick lake, on a laptop or in a cluster.

    Simulated markets trade on real order books, their ticks go to Kafka, a lake of Parquet keeps each exactly once, SQL answers from it.
    Without KAFKA_BOOTSTRAP_SERVERS an embedded broker is used, so that nothing needs to be installed:

      stockactors demo --duration 30s
      stockactors query "select symbol, count(*), sum(size) from trades group by all order by 1"

    Configuration: appsettings.json (beside the executable, then in this directory), STOCKACTORS_SECTION__KEY, KAFKA_BOOTSTRAP_SERVERS, flags.
    Exit codes: 0 done, 1 failed (an error says why), 2 asked wrongly, 130 interrupted before anything was begun.
    """)
{
    DemoCommand.Create(),
    NodeCommand.Create(),
    ReplayCommand.Create(),
    SimulateCommand.Create(),
    IngestCommand.Create(),
    CompactCommand.Create(),
    AuditCommand.Create(),
    LaneCommand.Create(),
    DeadCommand.Create(),
    CatalogueCommand.Create(),
    QueryCommand.Create(),
    TailCommand.Create(),
    MarketCommand.Create(),
    DoctorCommand.Create(),
};
var parsed = root.Parse(args);
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
return parsed.Errors.Count > 0 ? Reject() : await parsed.InvokeAsync(invocation);

int Reject()
{
    foreach (var error in parsed.Errors)
        invocation.Error.WriteLine("error: " + error.Message);
    var path = "";
    for (var at = parsed.CommandResult; at is not null && at.Command != root; at = at.Parent as CommandResult)
        path = $"{at.Command.Name} {path}";
    invocation.Error.WriteLine($"'stockactors {path}--help' tells what there is.");
    return CommandHost.Usage;
}

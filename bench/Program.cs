using System.Text.Json;
using StockActors.Bench;
using StockActors.Pipeline;

const int failure = 1;
const int usageError = 2;
Benchmark[] benchmarks = [new WireBenchmark(), new ConsumeBenchmark(), new ProduceBenchmark(), new LakeBenchmark(), new DelayBenchmark(), new ExchangeBenchmark()];

var json = args.Contains("--json");
var names = args.Where(a => a != "--json").ToArray();
if (names.Length == 0 || names.Contains("--help"))
{
    Console.WriteLine("usage: dotnet run -c Release --project bench -- NAME [--json]");
    List(Console.Out);
    return 0;
}

if (names.Length > 1 || Array.Find(benchmarks, b => b.Name == names[0]) is not { } benchmark)
{
    Console.Error.WriteLine(names.Length > 1 ? $"One benchmark at a time, not {string.Join(' ', names)}." : $"There is no benchmark '{names[0]}'.");
    List(Console.Error);
    return usageError;
}

if (!json)
    Console.WriteLine(Row.Heading);
try
{
    foreach (var row in benchmark.Run())
        Console.WriteLine(json ? JsonSerializer.Serialize(row) : row.ToString());
    return 0;
}
catch (LogException e)
{
    Console.Error.WriteLine(e.Message);
    return failure;
}

void List(TextWriter writer)
{
    foreach (var b in benchmarks)
        writer.WriteLine($"  {b.Name,-12}{b.Summary}");
}

using System.CommandLine;
using Trunkline.Benchmarks;
using Trunkline.Benchmarks.DataPlane;

var output = new Option<string>("--output", "-o") { Description = "text for people, json for programs.", DefaultValueFactory = _ => "text" };
output.AcceptOnlyFromAmong("text", "json");
var only = new Option<string?>("--only") { Description = "Only the measurements whose name contains this word." };
var dataPlane = new Command("dataplane", "Rule sets of Services and policies: to load, to change, and for packets. Needs root; works in network namespaces of its own.") { output, only };
dataPlane.SetAction(async (parse, cancellationToken) =>
{
    var report = new Report(parse.GetValue(output) == "json");
    await new Measurements(report, parse.GetValue(only)).RunAsync(cancellationToken);
    report.Write();
    return report.IsMet ? 0 : 1;
});
return await new RootCommand("Measures Trunkline on this machine, beside a peer in the same run. Exit code 0: every goal was met; 1: one was not.") { dataPlane }.Parse(args).InvokeAsync();

// Trains the networks of a plan on all cores, and writes a page of what they show. Given again, it goes on where it stood.
//   report [FOLDER]
using EiRnnFast;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Sweeps;

const string Plan = """
    seeds = 3
    task = "and"
    units = [12, 24]
    init = ["orthogonal", "normal"]
    trials = 250
    epochs = 2
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    var path = args.Length > 0 ? args[0] : "sweep";
    OutputFolder.Prepare(path);
    var folder = SweepFolder.At(path);
    var plan = SweepPlan.Parse(Plan, "the plan of this program");
    var end = Sweep.Run(plan, folder, stop: stop.Token, leave: stop.Token);
    Console.WriteLine($"{end.Done} of {end.Total} networks trained");
    if (end.Pending > 0) return 130;
    foreach (var file in SweepReport.Write(folder).Files) Console.WriteLine(file);
    return end.Failed == 0 ? 0 : 3;
}
catch (EiRnnException e)
{
    Console.Error.WriteLine(e.Message);
    return e is InvalidInputException ? 2 : 3;
}

using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn tasks</c>: what a network can be trained on; one task explained, drawn, or written as a data set.</summary>
internal static class TasksCommand
{
    private const int PlottedTrials = 200;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A task to explain.", Arity = ArgumentArity.ZeroOrOne };
        var ofTask = new SettingOptions(SettingTable.TaskOptions, SettingTable.DataSeed);
        var plot = new Option<string>("--plot") { Description = "Draw sample trials of the task NAME into this file: SVG if it ends in .svg, else PNG." };
        var npz = new Option<string>("--npz") { Description = "Write a data set of the task NAME into this .npz file: x [n,T,I], y [n,T,O], mask [n,T,O], float64." };
        var trials = Options.OptionalNumber<int>("--trials", "Trials of the data set that --npz writes (default: the reference's number).");
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("tasks", "List the tasks in families with their shapes; explain one, draw it, or write its data set.") { name, plot, npz, trials, json, quiet };
        ofTask.AddTo(command);
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(name);
            if (given is null)
            {
                if (command.Options.FirstOrDefault(option => option != json && option != quiet && parsed.Given(option)) is { } needy)
                    throw InvalidInputException.Of("tasks", $"{needy.Name} without a task", "the name of a task", "write it like: eirnn tasks and --plot and.png");
                List(parsed.GetValue(json));
                return ExitCodes.Done;
            }
            _ = TaskCatalog.Get(given); // an unknown task is told with the list of what there is
            var run = RunSettings.Sketch(new Dictionary<string, object>(ofTask.Given(parsed)) { [SettingTable.Task] = given });
            if (run.OwnDataSet) throw Options.NoNetworkSeed();
            var (task, seed) = ((CatalogTask)run.Task, run.Training.DataSeed ?? run.Task.DefaultDataSeed);
            var count = parsed.GetValue(trials) ?? task.DefaultTrials;
            if (parsed.Given(trials) && !parsed.Given(npz)) throw InvalidInputException.Of("tasks", "--trials without --npz", "the file to write them into", "add --npz FILE");
            if (parsed.Given(npz) && parsed.Given(plot) && Path.GetFullPath(parsed.GetValue(npz)!) == Path.GetFullPath(parsed.GetValue(plot)!))
                throw InvalidInputException.Of("tasks", $"one file for --npz and --plot, '{parsed.GetValue(npz)}'", "a file for each", "name two files");
            if (parsed.Given(plot)) DrawingLibrary.Check();
            if (parsed.GetValue(npz) is { } file) WriteNpz(task, count, seed, file);
            if (parsed.GetValue(plot) is { } picture) WritePlot(task, seed, picture);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(Record(task), TrainingSummary.Json));
            else if (!parsed.Given(npz) && !parsed.Given(plot)) Explain(task);
            else if (!parsed.GetValue(quiet))
            {
                if (parsed.Given(npz)) StandardStreams.TellLine($"wrote {parsed.GetValue(npz)}: {count} trials of {task.Name}, data seed {seed}");
                if (parsed.Given(plot)) StandardStreams.TellLine($"wrote {parsed.GetValue(plot)}: trials of {task.Name}, data seed {seed}");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static object Record(CatalogTask task) => new
    {
        task.Name, task.Family, task.Inputs, task.Outputs, task.Steps, task.StepMs, task.TrialTypes, Trials = task.DefaultTrials, DataSeed = task.DefaultDataSeed,
        task.Description, task.Timeline, Accuracy = task.AccuracyRule, task.Source, task.Options,
    };

    private static void List(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Tasks = TaskCatalog.All.Select(Record) }, TrainingSummary.Json));
            return;
        }
        foreach (var family in TaskCatalog.All.GroupBy(task => task.Family))
        {
            Console.WriteLine($"{family.Key,-24} {"inputs",6} {"outputs",7} {"steps",5}");
            foreach (var task in family) Console.WriteLine($"  {task.Name,-22} {task.Inputs,6} {task.Outputs,7} {task.Steps,5}  {task.Description}");
        }
        Console.WriteLine("eirnn tasks NAME explains one with its options; your own: eirnn train --task-file trials.npz");
    }

    private static void Explain(CatalogTask task)
    {
        Console.WriteLine($"{task.Name}: {task.Description}");
        Console.WriteLine($"  family     {task.Family}");
        Console.WriteLine($"  shape      {task.Inputs} input{(task.Inputs == 1 ? "" : "s")}, {task.Outputs} output{(task.Outputs == 1 ? "" : "s")}, {task.Steps} steps of {task.StepMs} ms");
        Console.WriteLine($"  trials     {task.DefaultTrials}, data seed {task.DefaultDataSeed}{(task.TrialTypes.Count > 0 ? $"; types {string.Join(", ", task.TrialTypes)}" : "")}");
        Console.WriteLine($"  timeline   {task.Timeline}");
        Console.WriteLine($"  right      {task.AccuracyRule}");
        Console.WriteLine($"  source     {task.Source}");
        Console.WriteLine("  options (--task-option name=value)");
        foreach (var option in task.Options)
        {
            var range = $"{option.Minimum} to {option.Maximum}{(option.Unit.Length > 0 ? " " : "")}{option.Unit}";
            Console.WriteLine($"    {option.Name,-14} {option.Value,-6} {range,-18} {option.Description}{(option.Value == option.Default ? "" : $" (default {option.Default})")}");
        }
    }

    private static void WriteNpz(CatalogTask task, int trials, uint seed, string file)
    {
        var (x, y, mask) = task.GenerateDoubles(trials, seed);
        NpzFile.Write(file, new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.Of(x, trials, task.Steps, task.Inputs), ["y"] = NpyArray.Of(y, trials, task.Steps, task.Outputs), ["mask"] = NpyArray.Of(mask, trials, task.Steps, task.Outputs),
        });
    }

    private static void WritePlot(CatalogTask task, uint seed, string file)
    {
        var title = $"{task.Name}: {task.Inputs} in, {task.Outputs} out, {task.Steps} steps of {task.StepMs} ms, data seed {seed}";
        TrialsFigure.Of([.. TrialTrace.OfTypes(task, task.Generate(PlottedTrials, seed), null)], title).Write(file);
    }
}

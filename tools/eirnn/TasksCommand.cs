using System.CommandLine;
using EiRnnFast.Files;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn tasks</c>: what a network can be trained on; one task explained, drawn, or written as a data set.</summary>
internal static class TasksCommand
{
    private const int PlottedTrials = 200;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A task to explain.", Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME" };
        name.CompletionSources.Add([.. TaskCatalog.All.Select(task => task.Name)]);
        var ofTask = new SettingOptions(SettingTable.TaskOptions, SettingTable.DataSeed);
        var plot = new Option<string>("--plot")
        {
            Description = "Draw sample trials of the task NAME into this file: SVG if it ends in .svg, else PNG.",
        };
        var npz = new Option<string>("--npz")
        {
            Description = "Write a data set of the task NAME into this .npz file: x [n,T,I], y [n,T,O], mask [n,T,O], float64; "
                + "step_ms; where the task names them labels [n] and input_labels [I].",
        };
        var trials = Options.OptionalNumber("--trials", "Trials of the data set that --npz writes (default: the reference's number).");
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("tasks", "List the tasks in families with their shapes; explain one, draw it, or write its data set.")
        {
            name, plot, npz, trials, json, quiet,
        };
        ofTask.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is not { } given)
            {
                var withoutTask = command.Options.FirstOrDefault(option => option != json && option != quiet && parsed.Given(option));
                if (withoutTask is not null)
                    throw InvalidInputException.Of("tasks", $"{withoutTask.Name} without a task", "the name of a task",
                        "write it like: eirnn tasks and --plot and.png");
                List(parsed.GetValue(json));
                return ExitCodes.Done;
            }
            _ = TaskCatalog.Get(given); // an unknown task is told with the list of what there is
            var run = RunSettings.Sketch(new Dictionary<string, object>(ofTask.Given(parsed)) { [SettingTable.Task] = given });
            if (run.OwnDataSet) throw Options.NoNetworkSeed();
            var (task, seed) = ((CatalogTask)run.Task, run.Training.DataSeed ?? run.Task.DefaultDataSeed);
            var count = parsed.GetValue(trials) ?? task.DefaultTrials;
            var (dataSet, picture) = (parsed.GetValue(npz), parsed.GetValue(plot));
            if (parsed.Given(trials) && dataSet is null)
                throw InvalidInputException.Of("tasks", "--trials without --npz", "the file to write them into", "add --npz FILE");
            if (dataSet is not null && picture is not null && Path.GetFullPath(dataSet) == Path.GetFullPath(picture))
                throw InvalidInputException.Of("tasks", $"one file for --npz and --plot, '{dataSet}'", "a file for each", "name two files");
            if (picture is not null) DrawingLibrary.Check();
            if (dataSet is not null) FileTask.Write(dataSet, task, count, seed);
            if (picture is not null) WritePlot(task, seed, picture);
            if (parsed.GetValue(json)) StandardStreams.PrintJson(Record(task));
            else if (dataSet is null && picture is null) Explain(task);
            else if (!parsed.GetValue(quiet))
            {
                if (dataSet is not null)
                    StandardStreams.TellLine($"wrote {dataSet}: {Readable.Count(count, "trial")} of {task.Name}, data seed {seed}");
                if (picture is not null) StandardStreams.TellLine($"wrote {picture}: trials of {task.Name}, data seed {seed}");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static object Record(CatalogTask task) => new
    {
        task.Name,
        task.Family,
        task.Inputs,
        task.Outputs,
        task.Steps,
        task.StepMs,
        task.TrialTypes,
        task.InputLabels,
        Trials = task.DefaultTrials,
        DataSeed = task.DefaultDataSeed,
        task.Description,
        task.Timeline,
        Accuracy = task.AccuracyRule,
        Answers = task.AnswerNames,
        task.Source,
        task.Options,
    };

    private static void List(bool json)
    {
        if (json)
        {
            StandardStreams.PrintJson(new { Tasks = TaskCatalog.All.Select(Record) });
            return;
        }
        foreach (var family in TaskCatalog.All.GroupBy(task => task.Family))
        {
            Console.WriteLine($"{family.Key,-24} {"in",3} {"out",3} {"steps",5}");
            foreach (var task in family)
                Terminal.PrintRow($"  {task.Name,-22} {task.Inputs,3} {task.Outputs,3} {task.Steps,5}  ", task.Description);
        }
        Terminal.PrintRow("",
            "in, out: numbers of inputs and outputs. 'eirnn tasks NAME' explains a task and its options. "
            + "A task of your own: eirnn train --task-file trials.npz");
    }

    private static void Explain(CatalogTask task)
    {
        var (inputs, outputs) = (Readable.Count(task.Inputs, "input"), Readable.Count(task.Outputs, "output"));
        var types = task.TrialTypes.Count > 0 ? $"; types {string.Join(", ", task.TrialTypes)}" : "";
        Terminal.PrintRow("", $"{task.Name}: {task.Description}");
        Terminal.PrintRow("  family     ", $"{task.Family}");
        Terminal.PrintRow("  shape      ", $"{inputs}, {outputs}, {Readable.Count(task.Steps, "step")} of {task.StepMs} ms");
        if (task.InputLabels.Count > 0) Terminal.PrintRow("  inputs     ", string.Join(", ", task.InputLabels));
        Terminal.PrintRow("  trials     ", $"{task.DefaultTrials}, data seed {task.DefaultDataSeed}{types}");
        Terminal.PrintRow("  timeline   ", $"{task.Timeline}");
        Terminal.PrintRow("  right      ", $"{task.AccuracyRule}");
        if (task.AnswerNames.Count > 0)
            Terminal.PrintRow("  answers    ", $"with --loss cross_entropy one output each: {string.Join(", ", task.AnswerNames)}");
        Terminal.PrintRow("  source     ", $"{task.Source}");
        Console.WriteLine("  options (--task-options name=value)");
        foreach (var option in task.Options)
        {
            var range = $"{option.Minimum} to {option.Maximum}{(option.Unit.Length > 0 ? " " : "")}{option.Unit}";
            var usual = option.Value == option.Default ? "" : $" (default {option.Default})";
            Terminal.PrintRow($"    {option.Name,-14} {option.Value,-6} {range,-18} ", $"{option.Description}{usual}");
        }
    }

    private static void WritePlot(CatalogTask task, uint seed, string file)
    {
        var title = $"{task.Name}: {task.Inputs} in, {task.Outputs} out, "
            + $"{Readable.Count(task.Steps, "step")} of {task.StepMs} ms, data seed {seed}";
        TrialsFigure.Of([.. TrialTrace.OfTypes(task, task.Generate(PlottedTrials, seed), null)], title).Write(file);
    }
}

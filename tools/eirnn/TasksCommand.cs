using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn tasks</c>: what a network can be trained on.</summary>
internal static class TasksCommand
{
    public static Command Create()
    {
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("tasks", "List the tasks with their shapes and timelines.") { json, quiet };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                var tasks = TaskCatalog.All.Select(task => new
                {
                    task.Name, task.Family, task.Inputs, task.Outputs, task.Steps, task.TrialTypes, Trials = task.DefaultTrials,
                    DataSeed = task.DefaultDataSeed, task.Description,
                });
                Console.WriteLine(JsonSerializer.Serialize(new { tasks }, TrainingSummary.Json));
                return ExitCodes.Done;
            }
            Console.WriteLine($"{"task",-12} {"family",-10} {"inputs",6} {"outputs",7} {"steps",5}  what");
            foreach (var task in TaskCatalog.All)
                Console.WriteLine($"{task.Name,-12} {task.Family,-10} {task.Inputs,6} {task.Outputs,7} {task.Steps,5}  {task.Description}");
            return ExitCodes.Done;
        });
        return command;
    }
}

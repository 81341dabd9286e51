using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>The task of a network: the one that is named, else the one that its file says it was trained on.</summary>
public static class RecordedTask
{
    private const string Loss = "loss";

    /// <summary>Settings of the task (task, task_options or task_file; loss) with those recorded in place of what is not given.</summary>
    /// <param name="file">The file of the network.</param>
    /// <param name="given">Settings by name; of another task than the recorded one, its name or file among them.</param>
    /// <exception cref="InvalidInputException">Neither the file nor the settings say a task.</exception>
    public static IReadOnlyDictionary<string, object> Settings(string file, IReadOnlyDictionary<string, object> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var recorded = NetworkFile.ReadProvenance(file);
        var values = given.ToDictionary(entry => SettingTable.Get(entry.Key).Name, entry => entry.Value);
        if (recorded.TryGetValue(Loss, out var loss) && SettingNames.Losses.ContainsKey(loss)) values.TryAdd(Loss, loss);
        if (values.ContainsKey(SettingTable.Task) || values.ContainsKey(SettingTable.TaskFile)) return values;
        if (recorded.TryGetValue(SettingTable.TaskFile, out var trials)) values[SettingTable.TaskFile] = trials;
        else if (recorded.TryGetValue(SettingTable.Task, out var name) && TaskCatalog.All.Any(task => task.Name == name))
        {
            values[SettingTable.Task] = name;
            if (recorded.TryGetValue(SettingTable.TaskOptions, out var options) && SettingText.Pairs(options) is { } pairs)
                values.TryAdd(SettingTable.TaskOptions, pairs);
        }
        else throw InvalidInputException.Of(Printable.Of(file), "no task of the catalogue recorded with the network",
            "the task of the trials", "name it: --task or --task-file");
        return values;
    }
}

using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>The task of a network: the one that is named, else the one that its file says it was trained on.</summary>
public static class RecordedTask
{
    private const string Loss = "loss";

    /// <summary>Settings of the task (task, task_options or task_file; loss) with those recorded in place of what is not given.</summary>
    /// <param name="file">The file of the network, as messages name it.</param>
    /// <param name="recorded">What it says of where the network came from.</param>
    /// <param name="given">Settings by name; of another task than the recorded one, its name or file among them.</param>
    /// <exception cref="InvalidInputException">Neither the file nor the settings say a task.</exception>
    public static IReadOnlyDictionary<string, object> Settings(string file, IReadOnlyDictionary<string, string> recorded,
        IReadOnlyDictionary<string, object> given)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(given);
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

    /// <summary>The same for networks that are looked at together: the task that all of them say, if they say one.</summary>
    /// <param name="files">The files of the networks.</param>
    /// <param name="given">Settings by name.</param>
    /// <exception cref="InvalidInputException">A file that cannot be read, or networks of different tasks and none named.</exception>
    public static IReadOnlyDictionary<string, object> SettingsOfAll(IReadOnlyList<string> files, IReadOnlyDictionary<string, object> given)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(given);
        if (given.Keys.Any(name => SettingTable.Get(name).Name is SettingTable.Task or SettingTable.TaskFile)) return given;
        string[] names = [SettingTable.Task, SettingTable.TaskOptions, SettingTable.TaskFile];
        var recorded = files.Select(file => (File: file, Origin: NetworkFile.ReadWithProvenance(file).Provenance))
            .Where(one => names.Any(one.Origin.ContainsKey)).ToArray();
        if (recorded.Length == 0) return given;
        var (first, origin) = recorded[0];
        foreach (var (file, other) in recorded)
            if (names.Any(name => other.GetValueOrDefault(name) != origin.GetValueOrDefault(name)))
                throw InvalidInputException.Of(Printable.Of(file), $"another task than {Printable.Of(first)} records ({Text(other)}; "
                    + $"{Text(origin)})", "one task for all", "name it: --task or --task-file");
        return Settings(first, names.Where(origin.ContainsKey).ToDictionary(name => name, name => origin[name]), given);

        string Text(IReadOnlyDictionary<string, string> from) =>
            SettingText.Cut(Printable.Of(string.Join(' ', names.Select(name => from.GetValueOrDefault(name)).OfType<string>())));
    }
}

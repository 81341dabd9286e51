using System.Diagnostics;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>Settings whose values lie in files.</summary>
public static class SettingFiles
{
    /// <summary>Settings by name, with what files hold in place of the files' names.</summary>
    /// <param name="values">Settings; those without files stay as they are.</param>
    /// <exception cref="InvalidInputException">A file that cannot be used; the message says which and why.</exception>
    public static IReadOnlyDictionary<string, object> Resolve(IReadOnlyDictionary<string, object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!values.Any(entry => IsFile(entry.Key) && entry.Value is string)) return values;
        return values.ToDictionary(entry => entry.Key, entry => IsFile(entry.Key) && entry.Value is string path
            ? Read(SettingTable.Get(entry.Key).Name, path) : entry.Value);
    }

    private static IFileContent Read(string setting, string path) => setting switch
    {
        SettingTable.TaskFile => FileTask.Read(path),
        SettingTable.MaskFile => MaskFile.Read(path),
        SettingTable.CostFile => CostFile.Read(path),
        SettingTable.StartFile => new StartingNetwork(NetworkFile.Read(path), InputFile.Sha256Of(path, "a network"), path),
        _ => throw new UnreachableException($"no reader of {setting}"),
    };

    private static bool IsFile(string name) => SettingTable.Find(name)?.Kind == SettingKind.File;
}

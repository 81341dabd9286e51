using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Studies.Runs;

/// <summary>What a folder holds, seen by a training that would write into it.</summary>
public enum FolderContent
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The same training, complete or not: it may be replaced, or gone on with.</summary>
    SameTraining,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The folder of one training: which one it is unless said, and what is in it.</summary>
public static class TrainingPlace
{
    /// <summary>The file that keeps a training under way.</summary>
    public const string CheckpointName = "checkpoint.npz";

    /// <summary>Folders tried, as <c>-2</c>, <c>-3</c> and so on.</summary>
    private const int MostNumbers = 9999;

    /// <summary>Where the checkpoint of a folder lies.</summary>
    public static string CheckpointOf(string folder) => Path.Combine(folder, CheckpointName);

    /// <summary>Names for a training that was given none: by task, size and seed, then the same with a number.</summary>
    public static IEnumerable<string> DefaultNames(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var name = $"eirnn-{settings.Task.Name}-n{settings.Units}-seed{settings.Seed}";
        return Enumerable.Range(1, MostNumbers).Select(number => number == 1 ? name : $"{name}-{number}");
    }

    /// <summary>What a folder holds.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="settings">The training that would be written.</param>
    public static FolderContent ContentOf(string folder, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            if (!Directory.Exists(folder)) return File.Exists(folder) ? FolderContent.Other : FolderContent.Nothing;
            if (!Directory.EnumerateFileSystemEntries(folder).Any(path => !HiddenFile.IsHidden(path))) return FolderContent.Nothing;
            var summary = Path.Combine(folder, RunFolder.SummaryName);
            var isSame = File.Exists(summary) ? IsSame(summary, settings) : IsSame(CheckpointFile.Read(CheckpointOf(folder)), settings);
            return isSame ? FolderContent.SameTraining : FolderContent.Other;
        }
        catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException or JsonException)
        {
            return FolderContent.Other;
        }
    }

    /// <summary>A file in a folder that is not of this training and that its files would replace or make a riddle, such as the summary of
    /// another, or the plan of a sweep; null where there is none.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="settings">The training that would be written.</param>
    /// <param name="figures">All figures that would be written or taken away.</param>
    public static string? FileOfAnother(string folder, RunSettings settings, IEnumerable<string> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return ContentOf(folder, settings) != FolderContent.Other ? null
            : new[] { RunFolder.SummaryName, CheckpointName, SweepFolder.PlanName }
                .Concat(RunFolder.Names(tracked: true, states: true)).Concat(figures)
                .FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
    }

    /// <summary>The summary or the checkpoint of a training in a folder; null where it holds neither.</summary>
    internal static string? FileOfTraining(string folder) =>
        new[] { RunFolder.SummaryName, CheckpointName }.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>The checkpoint of this training in a folder, if it can go on with the same bits; null where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">The training.</param>
    /// <param name="kernelSet">The kernel set that would go on.</param>
    public static CheckpointFile? Unfinished(string folder, RunSettings settings, string kernelSet)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!File.Exists(CheckpointOf(folder))) return null;
        try
        {
            var file = CheckpointFile.Read(CheckpointOf(folder));
            var isOpen = file.Checkpoint is { Ended: null, Updates: > 0 } || !File.Exists(Path.Combine(folder, RunFolder.SummaryName));
            return isOpen && file.Checkpoint.KernelSet == kernelSet
                && file.Version == Backend.EngineVersion && IsSame(file, settings) ? file : null;
        }
        catch (InvalidInputException)
        {
            return null; // what cannot be read is written anew
        }
    }

    private static bool IsSame(CheckpointFile file, RunSettings settings) =>
        file.Settings.Seed == settings.Seed && file.Settings.Describe().SequenceEqual(settings.Describe());

    private static bool IsSame(string summary, RunSettings settings)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(summary));
        var json = document.RootElement;
        var own = JsonSerializer.SerializeToElement(new SettingsRecord(settings, "", ""), TrainingSummary.Json);
        var defaults = JsonSerializer.SerializeToElement(new SettingsRecord(new RunSettings(), "", ""), TrainingSummary.Json);
        var names = SettingTable.All.Select(setting => setting.Column).Append("seed");
        return json.ValueKind == JsonValueKind.Object && names.All(name =>
        {
            var mine = own.GetProperty(name);
            // A setting that came later had its default.
            var there = json.TryGetProperty(name, out var value) ? value : defaults.GetProperty(name);
            return JsonElement.DeepEquals(mine, there);
        });
    }
}

using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Settings;

/// <summary>Stages of a curriculum as texts, such as <c>delay_max=20 until accuracy=0.9</c>.</summary>
internal static class CurriculumText
{
    private const string Until = "until", AccuracyName = "accuracy", LossName = "loss";

    /// <summary>Reads a stage.</summary>
    /// <param name="text">Options of the task, beside those that it has, and the criterion.</param>
    /// <param name="task">The task itself, of the catalogue.</param>
    /// <exception cref="InvalidInputException">No criterion, or an option that the task does not have.</exception>
    public static CurriculumStage Parse(string text, ITask task)
    {
        if (task is not CatalogTask known)
            throw InvalidInputException.Of("curriculum", "given trials", "a task of the catalogue", "leave out the curriculum");
        var parts = $" {text} ".Split($" {Until} ", 2);
        var (options, ends) = (SettingText.Pairs(parts[0]), parts.Length == 2 ? SettingText.Pairs(parts[1]) : null);
        if (options is null || ends is not { Count: 1 } || ends.Keys.Single() is not (AccuracyName or LossName))
            throw InvalidInputException.Of("curriculum", SettingText.Shown(text), "options of the task and when the stage ends",
                "write it like 'delay_max=20 until accuracy=0.9' or 'delay_max=20 until loss=0.01'");
        var merged = new Dictionary<string, double>(new RunSettings { Task = known }.ChangedTaskOptions);
        foreach (var (name, value) in options) merged[name] = value;
        var stage = new CurriculumStage(TaskCatalog.Get(known.Name, merged));
        return ends.TryGetValue(AccuracyName, out var accuracy) ? stage with { Accuracy = accuracy } : stage with { Loss = ends[LossName] };
    }

    /// <summary>A stage as <see cref="Parse"/> reads it.</summary>
    public static string Of(CurriculumStage stage)
    {
        var options = SettingText.Of(new RunSettings { Task = stage.Task }.ChangedTaskOptions);
        var criterion = stage.Accuracy is { } accuracy ? $"{AccuracyName}={SettingText.Of(accuracy)}"
            : $"{LossName}={SettingText.Of(stage.Loss)}";
        return $"{options}{(options.Length > 0 ? " " : "")}{Until} {criterion}";
    }
}

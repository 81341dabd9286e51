using System.Globalization;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.Reports;

/// <summary>The loss of the best constant answer (<see cref="ConstantAnswer"/>) to a task: of many trials, unlike that of the few test
/// trials that a record has.</summary>
public static class ConstantLoss
{
    /// <summary>Trials that the variance of the targets is taken over; it varies by a few per cent with them, success asks for
    /// half.</summary>
    private const int Trials = 2000;

    /// <summary>That of a training's task, beside its training losses; that of its test trials where the task is a file.</summary>
    public static double? Of(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (task, loss) = (run.Settings.Task, run.Settings.Training.Loss);
        return (task is CatalogTask ? Of(ChoiceTask.For(task, loss), loss) : null) ?? run.Result.ConstantLoss;
    }

    private static double? Of(ITask task, LossFunction loss) =>
        ConstantAnswer.Loss(task.Generate(Trials, task.DefaultDataSeed), loss) is > 0 and var least ? least : null;

    /// <summary>That of a recorded task; null for trials from a file, and for what this version does not know.</summary>
    /// <param name="task">Its name.</param>
    /// <param name="options">Its options as recorded, <c>name=value name=value</c>, or null.</param>
    /// <param name="isFile">Whether the trials came from a file.</param>
    /// <param name="loss">The loss by its name; null for that of older versions.</param>
    public static double? Of(string task, string? options, bool isFile, string? loss = null)
    {
        if (isFile) return null;
        try
        {
            var values = (options ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => double.Parse(pair[^1], CultureInfo.InvariantCulture));
            var known = TaskCatalog.Get(task, values);
            var kind = SettingNames.Losses[loss ?? SettingNames.Of(SettingNames.Losses, LossFunction.MeanSquare)];
            return Of(ChoiceTask.For(known, kind), kind);
        }
        catch (Exception e) when (e is InvalidInputException or FormatException or ArgumentException or KeyNotFoundException)
        {
            return null;
        }
    }
}

using System.Globalization;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Reports;

/// <summary>The loss of the best constant answer (<see cref="ConstantAnswer"/>) to a task that a record names, for records of
/// versions that did not keep it.</summary>
public static class ConstantLoss
{
    /// <summary>Trials that the variance of the targets is taken over; it varies by a few per cent with them, success asks for
    /// half.</summary>
    private const int Trials = 2000;

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
            var trials = ChoiceTask.For(known, kind).Generate(Trials, known.DefaultDataSeed);
            return ConstantAnswer.Loss(trials, kind) is > 0 and var least ? least : null;
        }
        catch (Exception e) when (e is InvalidInputException or FormatException or ArgumentException or KeyNotFoundException)
        {
            return null;
        }
    }
}

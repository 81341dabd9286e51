using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Training;

namespace EiRnnFast.Reports;

/// <summary>A recorded run as a report sees it.</summary>
/// <param name="Row">Its values, in the order of <see cref="RunColumns.All"/>.</param>
/// <param name="ConstantLoss">The loss of the best constant answer to its task; null when that is not known.</param>
public sealed record ReportRun(IReadOnlyList<object?> Row, double? ConstantLoss)
{
    /// <summary>Fraction of the test trials that a successful network answers correctly, at least.</summary>
    public const double SuccessAccuracy = Learning.LeastAccuracy;

    private static readonly Dictionary<string, int> s_index = RunColumns.All.Select((column, i) => (column.Name, i)).ToDictionary();

#pragma warning disable CS1591 // the names are those of the columns
    public object? this[string column] => Row[s_index[column]];
    public string Id => (string)this["run_id"]!;
    public string Status => (string)this["status"]!;
    public string? Reason => (string?)this["reason"];
    public string Task => (string?)this["task"] ?? "?";
    public int Units => (int)((long?)this["units"] ?? 0);
    public double? FinalLoss => (double?)this["final_task_loss"] ?? (double?)this["final_loss"];
    public double? Accuracy => (double?)this["accuracy"];
    public string? Stopped => (string?)this["stopped"];
    public string? Shape => (string?)this["spectrum_shape"];
    public long? EpochsRun => (long?)this["epochs_run"];
#pragma warning restore CS1591

    /// <summary>Trained and measured; what the statistics are of.</summary>
    public bool Done => Status == RunStatus.Done;

    /// <summary>Whether it ran all its epochs: the published code looks at these only.</summary>
    public bool AllEpochs => Done && Stopped == "epochs";

    /// <summary>The actual fraction of excitatory units; null without a sign constraint.</summary>
    public double? Excitatory => (long?)this["inhibitory_count"] is { } inhibitory && Units > 0 ? 1 - (double)inhibitory / Units : null;

    /// <summary>Whether it was trained on the task itself, not only on stages before it.</summary>
    public bool TrainedTask => this["curriculum_finished"] is not false;

    /// <summary>The loss of the best constant answer, where training losses are of the task alone: no penalties, no stages.</summary>
    public double? ComparedLoss =>
        this["final_task_loss"] is null && this["curriculum_finished"] is null ? ConstantLoss : null;

    /// <summary>The loss of the network that was kept, without penalties: over the validation trials where patience kept the best
    /// epoch's, over the test trials where a curriculum was not finished, else the mean over the last epoch's training trials.</summary>
    public double? Loss => !TrainedTask ? (double?)this["test_loss"]
        : (long?)this["patience"] > 0 && (double?)this["validation_loss"] is { } validation ? validation : FinalLoss;

    /// <summary>Whether it learned its task (<see cref="Learning"/>); records of earlier versions are judged by what they have.</summary>
    public bool Successful => Done && TrainedTask
        && ((bool?)this["learned"] ?? Learning.Of(Accuracy, (double?)this["test_loss"] ?? Loss, ConstantLoss)) == true;

    /// <summary>A measure of the spectrum after training, or null.</summary>
    public double? Measure(string name) => this["spectrum_" + name] switch
    {
        double number when double.IsFinite(number) => number,
        long whole => whole,
        _ => null,
    };

    /// <summary>The loss of the best constant answer to its task; to its test trials where the task is a file.</summary>
    internal double? FindConstantLoss() =>
        Reports.ConstantLoss.Of(Task, (string?)this["task_options"], this["task_sha256"] is not null, (string?)this["loss"])
        ?? (double?)this["constant_loss"];
}

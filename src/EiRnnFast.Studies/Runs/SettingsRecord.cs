using System.Reflection;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>What a run was asked to do and what did it: the part of <see cref="TrainingSummary"/> that is known before it starts.</summary>
public record SettingsRecord
{
    /// <summary>Version of the engine, with the commit it was built from.</summary>
    public static string EngineVersion { get; } =
        typeof(EiRnn).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Copies settings, and the names of what computes.</summary>
    public SettingsRecord(TrainingSettings settings, string kernelSet, string lapack)
    {
        (KernelSet, Lapack) = (kernelSet, lapack);
        ArgumentNullException.ThrowIfNull(settings);
        var (training, signs, task) = (settings.Training, settings.Signs, settings.Task);
        (Seed, DataSeed, Task, Units) = (settings.Seed, training.DataSeed ?? task.DefaultDataSeed, task.Name, settings.Units);
        (TaskOptions, TaskFile, TaskSha256) = (NamedSettings.OptionsOf(task), (task as FileTask)?.Path, (task as FileTask)?.Sha256);
        (Excitatory, InhibitoryCount) = (signs.Excitatory, signs.Axis == Model.SignAxis.None ? null : signs.InhibitoryCount(settings.Units));
        (SignAxis, InputNonnegative) = (SettingNames.Of(SettingNames.Axes, signs.Axis), signs.NonNegativeInput);
        (Init, Gain, Balanced) = (SettingNames.Of(SettingNames.Inits, settings.Init.Kind), settings.Init.Gain, settings.Init.Balanced);
        Mu = settings.Init.Kind == RecurrentInitKind.TwoGaussian ? settings.Init.Mu : null;
        (Epochs, Batch, LearningRate, Decay) = (training.Epochs, training.BatchSize, training.LearningRate, training.Decay);
        (Beta1, Beta2, Epsilon) = (training.Beta1, training.Beta2, training.Epsilon);
        (Clipping, ClipNorm) = (SettingNames.Of(SettingNames.Clippings, training.Clipping), training.ClipNorm);
        (StopLoss, DivergenceLoss) = (training.StopLoss, training.DivergenceLoss);
        (Trials, TestTrials, ValidationTrials) = (training.Trials ?? task.DefaultTrials, training.TestTrials, training.ValidationTrials);
        (StopValidationLoss, StopValidationAccuracy, Patience) = (training.StopValidationLoss, training.StopValidationAccuracy, training.Patience);
        (Shuffle, ShuffleSeed, Sharing) = (training.Shuffle, training.ShuffleSeed ?? settings.Seed, training.Sharing);
    }

#pragma warning disable CS1591 // the names are those of the settings they copy
    public string Version { get; } = EngineVersion;
    public string KernelSet { get; }
    public string Lapack { get; }
    public long Seed { get; }
    public uint DataSeed { get; }
    public string Task { get; }
    public string? TaskOptions { get; }
    public string? TaskFile { get; }
    public string? TaskSha256 { get; }
    public int Units { get; }
    public double? Excitatory { get; }
    public int? InhibitoryCount { get; }
    public string SignAxis { get; }
    public bool InputNonnegative { get; }
    public string Init { get; }
    public double Gain { get; }
    public double? Mu { get; }
    public bool Balanced { get; }
    public int Epochs { get; }
    public int Batch { get; }
    public double LearningRate { get; }
    public double Decay { get; }
    public double Beta1 { get; }
    public double Beta2 { get; }
    public double Epsilon { get; }
    public string Clipping { get; }
    public double ClipNorm { get; }
    public double StopLoss { get; }
    public double DivergenceLoss { get; }
    public int Trials { get; }
    public int TestTrials { get; }
    public int ValidationTrials { get; }
    public double StopValidationLoss { get; }
    public double? StopValidationAccuracy { get; }
    public int Patience { get; }
    public bool Shuffle { get; }
    public long ShuffleSeed { get; }
    public bool Sharing { get; }
#pragma warning restore CS1591
}

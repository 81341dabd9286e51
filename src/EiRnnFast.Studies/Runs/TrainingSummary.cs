using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>Everything about a training run that a machine may want to know: <c>summary.json</c>.</summary>
public sealed record TrainingSummary
{
    /// <summary>How all JSON of this program is written: snake_case, indented; a number that JSON lacks as the string "Infinity", "-Infinity" or "NaN".</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Version of the engine, with the commit it was built from.</summary>
    public static string EngineVersion { get; } =
        typeof(EiRnn).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Summarises a run.</summary>
    public static TrainingSummary Of(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (settings, training, result) = (run.Settings, run.Settings.Training, run.Result);
        var constrained = settings.Signs.Axis != Model.SignAxis.None;
        return new TrainingSummary
        {
            KernelSet = result.KernelSet, Lapack = run.Spectrum.Lapack,
            Seed = settings.Seed, DataSeed = result.DataSeed, Task = settings.Task, Units = settings.Units,
            Excitatory = settings.Signs.Excitatory, InhibitoryCount = constrained ? settings.Signs.InhibitoryCount(settings.Units) : null,
            SignAxis = SettingNames.Of(SettingNames.Axes, settings.Signs.Axis), InputNonnegative = settings.Signs.NonNegativeInput,
            Init = SettingNames.Of(SettingNames.Inits, settings.Init.Kind), Gain = settings.Init.Gain, Balanced = settings.Init.Balanced,
            Mu = settings.Init.Kind == RecurrentInitKind.TwoGaussian ? settings.Init.Mu : null,
            Epochs = training.Epochs, Batch = training.BatchSize, LearningRate = training.LearningRate, Decay = training.Decay,
            Beta1 = training.Beta1, Beta2 = training.Beta2, Epsilon = training.Epsilon,
            Clipping = SettingNames.Of(SettingNames.Clippings, training.Clipping), ClipNorm = training.ClipNorm, StopLoss = training.StopLoss, DivergenceLoss = training.DivergenceLoss,
            Trials = training.Trials ?? TaskCatalog.Get(settings.Task).DefaultTrials, TestTrials = training.TestTrials, Shuffle = training.Shuffle, ShuffleSeed = training.ShuffleSeed ?? settings.Seed,
            Sharing = training.Sharing, States = result.States, StatesSaved = result.StatesSaved,
            EpochsRun = result.EpochsRun, Stopped = SettingNames.Of(result.Stopped), DivergedAtUpdate = result.DivergedAtUpdate,
            FinalLoss = result.FinalLoss, Losses = result.Losses, GradientNorms = result.GradientNorms, Seconds = result.Seconds,
            Accuracy = result.Accuracy, SignViolations = result.Audit.Violations, ZeroFraction = result.Audit.ZeroFraction,
            ZeroRows = result.Audit.ZeroRows, ZeroColumns = result.Audit.ZeroColumns,
            SpectrumInitial = new SpectrumRecord(run.InitialSpectrum), Spectrum = new SpectrumRecord(run.Spectrum),
        };
    }

#pragma warning disable CS1591 // the names are those of the settings and results they copy
    public string Version { get; } = EngineVersion;
    public required string KernelSet { get; init; }
    public required string Lapack { get; init; }
    public required long Seed { get; init; }
    public required uint DataSeed { get; init; }
    public required string Task { get; init; }
    public required int Units { get; init; }
    public required double? Excitatory { get; init; }
    public required int? InhibitoryCount { get; init; }
    public required string SignAxis { get; init; }
    public required bool InputNonnegative { get; init; }
    public required string Init { get; init; }
    public required double Gain { get; init; }
    public required double? Mu { get; init; }
    public required bool Balanced { get; init; }
    public required int Epochs { get; init; }
    public required int Batch { get; init; }
    public required double LearningRate { get; init; }
    public required double Decay { get; init; }
    public required double Beta1 { get; init; }
    public required double Beta2 { get; init; }
    public required double Epsilon { get; init; }
    public required string Clipping { get; init; }
    public required double ClipNorm { get; init; }
    public required double StopLoss { get; init; }
    public required double DivergenceLoss { get; init; }
    public required int Trials { get; init; }
    public required int TestTrials { get; init; }
    public required bool Shuffle { get; init; }
    public required long ShuffleSeed { get; init; }
    public required bool Sharing { get; init; }
    public required long States { get; init; }
    public required long StatesSaved { get; init; }
    public required int EpochsRun { get; init; }
    public required string Stopped { get; init; }
    public required int? DivergedAtUpdate { get; init; }
    public required double? FinalLoss { get; init; }
    public required IReadOnlyList<double> Losses { get; init; }
    public required IReadOnlyList<double> GradientNorms { get; init; }
    public required double Seconds { get; init; }
    public required double Accuracy { get; init; }
    public required int SignViolations { get; init; }
    public required double ZeroFraction { get; init; }
    public required int ZeroRows { get; init; }
    public required int ZeroColumns { get; init; }
    public required SpectrumRecord SpectrumInitial { get; init; }
    public required SpectrumRecord Spectrum { get; init; }
#pragma warning restore CS1591
}

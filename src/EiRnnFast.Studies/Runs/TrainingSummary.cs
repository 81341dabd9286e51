using EiRnnFast.Training;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Runs;

/// <summary>Everything about a training run that a machine may want to know: <c>summary.json</c>.</summary>
public sealed record TrainingSummary : SettingsRecord
{
    /// <summary>How all JSON of this program is written: snake_case, indented; a number that JSON lacks as the string "Infinity",
    /// "-Infinity" or "NaN".</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SettingsFirst } },
    };

    /// <summary>Settings before results, and among them those of the table.</summary>
    private static void SettingsFirst(JsonTypeInfo info)
    {
        if (!info.Type.IsAssignableTo(typeof(SettingsRecord))) return;
        foreach (var property in info.Properties)
            property.Order = property.AttributeProvider is MemberInfo member && member.DeclaringType == typeof(SettingsRecord) ? -2 : 0;
        foreach (var setting in SettingTable.All)
        {
            var property = info.CreateJsonPropertyInfo(Nullable(setting.ValueType), setting.Name);
            property.Get = record => setting.Of(((SettingsRecord)record).Settings);
            property.Order = -1;
            info.Properties.Add(property);
        }
    }

    private static Type Nullable(Type type) => type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;

    /// <summary>Summarises a run.</summary>
    public TrainingSummary(TrainingRun run) : base(NotNull(run).Settings, run.Result.KernelSet, run.Spectrum.Lapack)
    {
        var (settings, result) = (run.Settings, run.Result);
        (States, StatesSaved) = (result.States, result.StatesSaved);
        if (!settings.Wiring.IsFull) RecurrentForm = result.RecurrentForm;
        (EpochsRun, Stopped, DivergedAtUpdate) = (result.EpochsRun, SettingNames.Of(result.Stopped), result.DivergedAtUpdate);
        (FinalLoss, Losses, GradientNorms) = (result.FinalLoss, result.Losses, result.GradientNorms);
        if (settings.Training.Penalties != Penalties.None) (TaskLosses, FinalTaskLoss) = (result.TaskLosses, result.FinalTaskLoss);
        CurriculumFinished = result.CurriculumFinished;
        if (settings.Training.Curriculum.Count > 0) StageEnds = result.StageEnds;
        NoisyAccuracy = result.NoisyAccuracy;
        AccuracyByType = result.AccuracyByType;
        (Seconds, Accuracy, TestLoss) = (result.Seconds, result.Accuracy, result.TestLoss);
        (Learned, Chance, ConstantLoss) = (result.Learned, result.Chance, result.ConstantLoss);
        Advice = LearningAdvice.Of(run);
        if (result.ValidationLosses.Count > 0)
        {
            (ValidationLosses, ValidationAccuracies, BestEpoch) = (result.ValidationLosses, result.ValidationAccuracies, result.BestEpoch);
            var kept = settings.Training.KeepsBest && result.BestEpoch is { } best ? best : result.EpochsRun;
            if (CurriculumFinished != false) // else it is that of a stage
                (ValidationLoss, ValidationAccuracy) = (result.ValidationLosses[kept - 1], result.ValidationAccuracies[kept - 1]);
        }
        (SignViolations, ZeroFraction) = (result.Audit.Violations, result.Audit.ZeroFraction);
        (ZeroRows, ZeroColumns) = (result.Audit.ZeroRows, result.Audit.ZeroColumns);
        SpectrumProjected = run.ProjectedSpectrum is { } projected ? new SpectrumRecord(projected) : null;
        (SpectrumInitial, Spectrum) = (new SpectrumRecord(run.InitialSpectrum), new SpectrumRecord(run.Spectrum));
        SpectrumEpochs = run.Tracking is not { } tracking ? null
            : [.. run.TrackedSpectra.Select(one => new EpochSpectrumRecord(one, tracking, result.Losses))];
        Generalisation = run.Generalisation;
    }

    private static TrainingRun NotNull(TrainingRun run) => run ?? throw new ArgumentNullException(nameof(run));

#pragma warning disable CS1591 // the names are those of the results they copy
    public long States { get; }
    public long StatesSaved { get; }
    public string? RecurrentForm { get; }
    public int EpochsRun { get; }
    public string Stopped { get; }
    public int? DivergedAtUpdate { get; }
    public double? FinalLoss { get; }
    public IReadOnlyList<double> Losses { get; }
    public IReadOnlyList<double>? TaskLosses { get; }
    public double? FinalTaskLoss { get; }
    public bool? CurriculumFinished { get; }
    public IReadOnlyList<double> GradientNorms { get; }
    public double Seconds { get; }
    public double? Accuracy { get; }
    public double? NoisyAccuracy { get; }
    public IReadOnlyDictionary<string, double?>? AccuracyByType { get; }
    public double? TestLoss { get; }
    public bool? Learned { get; }
    public double? Chance { get; }
    public double? ConstantLoss { get; }
    public IReadOnlyList<string> Advice { get; }
    public IReadOnlyList<int>? StageEnds { get; }
    public double? ValidationLoss { get; }
    public double? ValidationAccuracy { get; }
    public int? BestEpoch { get; }
    public IReadOnlyList<double>? ValidationLosses { get; }
    public IReadOnlyList<double?>? ValidationAccuracies { get; }
    public int SignViolations { get; }
    public double ZeroFraction { get; }
    public int ZeroRows { get; }
    public int ZeroColumns { get; }
    public SpectrumRecord SpectrumInitial { get; }
    public SpectrumRecord? SpectrumProjected { get; }
    public SpectrumRecord Spectrum { get; }
    public IReadOnlyList<EpochSpectrumRecord>? SpectrumEpochs { get; }
    public IReadOnlyList<GeneralisationRecord>? Generalisation { get; }
#pragma warning restore CS1591
}

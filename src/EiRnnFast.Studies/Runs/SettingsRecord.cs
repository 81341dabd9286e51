using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// What a run was asked to do and what did it: the part of <see cref="TrainingSummary"/> that is known before it starts. The settings
/// themselves are written as <see cref="SettingTable"/> lists them.
/// </summary>
public record SettingsRecord
{
    /// <summary>Records settings, and the names of what computes.</summary>
    public SettingsRecord(RunSettings settings, string kernelSet, string lapack)
    {
        (KernelSet, Lapack) = (kernelSet, lapack);
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        Seed = settings.Seed;
        ShuffleSeed = settings.Training.ShuffleSeed ?? settings.Seed;
        TaskSha256 = settings.Task.Sha256;
        CostSha256 = settings.Training.Penalties.Cost?.Sha256;
        MaskSha256 = settings.Wiring.Given?.Sha256;
        StartSha256 = settings.Start?.Sha256;
        InhibitoryCount = settings.Signs.Axis == SignAxis.None ? null : settings.Signs.InhibitoryCount(settings.Units);
    }

    /// <summary>The settings. Not public: files hold its values one by one.</summary>
    internal RunSettings Settings { get; }

#pragma warning disable CS1591 // the names are those of the columns
    public string Version { get; } = Backend.EngineVersion;
    public string KernelSet { get; }
    public string Lapack { get; }
    public long Seed { get; }
    public long ShuffleSeed { get; }
    public string? TaskSha256 { get; }
    public int? InhibitoryCount { get; }
    public string? MaskSha256 { get; }
    public string? CostSha256 { get; }
    public string? StartSha256 { get; }
#pragma warning restore CS1591
}

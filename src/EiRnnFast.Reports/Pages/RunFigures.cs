using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Training;

namespace EiRnnFast.Reports;

/// <summary>The figures in the folder of a training run: spectrum, loss, trials and, where spectra were tracked, spectrum-epochs.</summary>
public static class RunFigures
{
    private const string Spectrum = "spectrum", Loss = "loss", Trials = "trials", Epochs = "spectrum-epochs";

    /// <summary>All files that may be there.</summary>
    public static IReadOnlyList<string> Every { get; } = FigureFiles.Names([Spectrum, Loss, Trials, Epochs], svg: true);

    /// <summary>The files of a run, in the order in which a person looks at them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="svg">As SVG beside PNG.</param>
    public static IReadOnlyList<string> Names(TrainingRun run, bool svg = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        return FigureFiles.Names([Spectrum, .. HasLosses(run) ? [Loss] : Array.Empty<string>(), Trials,
            .. run.Tracking is null ? Array.Empty<string>() : [Epochs]], svg);
    }

    /// <summary>The figures of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="svg">As SVG beside PNG.</param>
    /// <param name="constantLoss">What the best constant answer costs, for the figure of losses; null where that is not known.</param>
    public static FolderFigures Of(TrainingRun run, bool svg = false, double? constantLoss = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new FolderFigures(Every, folder => Write(folder, run, svg, constantLoss));
    }

    /// <summary>One spectrum drawn as a panel.</summary>
    /// <param name="spectrum">Of the matrix as it is.</param>
    /// <param name="projected">
    /// Of the matrix after its projection, where that changes it: theory is of that one, so both are drawn. See
    /// <see cref="EiRnnFast.Spectra.Spectrum.OfProjected"/>.
    /// </param>
    /// <param name="title">Heading.</param>
    public static SpectrumPanel Panel(Spectrum spectrum, Spectrum? projected, string title)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var acting = projected ?? spectrum;
        var (headed, outliers) = Fitted(title, acting.Outliers, acting.OutlierCapMet);
        return new SpectrumPanel(headed, acting.Eigenvalues, outliers, acting.Theory?.OuterRadius, acting.Theory?.InnerRadius,
            projected is null ? null : spectrum.Eigenvalues);
    }

    /// <summary>Where no disc or ring fits, nothing is an outlier of it, and the heading says so.</summary>
    internal static (string Title, IReadOnlyList<Complex> Outliers) Fitted(string title, IReadOnlyList<Complex> outliers, bool isUnfit) =>
        isUnfit ? ($"{title}: no disc or ring fits", []) : (title, outliers);

    /// <summary>Whether an epoch was finished whose loss a logarithmic axis can show.</summary>
    private static bool HasLosses(TrainingRun run) => run.Result.TaskLosses.Any(LossFigure.IsShowable);

    private static void Write(string folder, TrainingRun run, bool svg, double? constantLoss)
    {
        var title = Title(run);
        var before = Panel(run.InitialSpectrum, run.ProjectedSpectrum, InitialTitle(run.ProjectedSpectrum is not null));
        SpectrumFigure.Of(before, Panel(run.Spectrum, null, $"after {run.Result.EpochsRun} epochs"), title)
            .Write(Path.Combine(folder, Spectrum), svg);
        if (HasLosses(run))
            LossFigure.Of([run.Result.TaskLosses], title,
                SweepSummary.Count(run.Result.EpochsRun, "epoch")
                    + (run.Settings.Training.Penalties == Penalties.None ? "" : "; without penalties"), constantLoss,
                run.Result.ValidationLosses.Count > 0 ? run.Result.ValidationLosses : null).Write(Path.Combine(folder, Loss), svg);
        TrialsFigure.Of([.. TrialTrace.OfTypes(run.Settings.Task, run.Result.Test, run.Result.TestOutputs)], title)
            .Write(Path.Combine(folder, Trials), svg); // the first test trial of each type
        if (run.Tracking is not { } tracking) return;
        SpectrumEpochsFigure.Of([.. run.TrackedSpectra.Select(Drawn)], title, tracking.Unit).Write(Path.Combine(folder, Epochs), svg);

        static SpectrumEpoch Drawn(TrackedSpectrum tracked) =>
            new(tracked.At, tracked.Spectrum.Eigenvalues, tracked.Spectrum.OuterRadius, tracked.Spectrum.InnerRadius);
    }

    /// <summary>Heading of an initial matrix.</summary>
    internal static string InitialTitle(bool isProjected) => isProjected ? "initial matrix, projected" : "as created";

    private static string Title(TrainingRun run)
    {
        var s = run.Settings;
        var inhibitory = s.Signs.InhibitoryCount(s.Units);
        var signs = s.Signs.Axis == SignAxis.None ? "no sign constraint"
            : $"{SettingNames.Of(SettingNames.Axes, s.Signs.Axis)}, {s.Units - inhibitory} E / {inhibitory} I";
        var init = s.Start is { } start ? $"from {Path.GetFileName(start.SourceFile)}"
            : SettingNames.Of(SettingNames.Inits, s.Init.Kind) + (s.Init.Balanced ? " balanced" : "");
        return $"{s.Task.Name.ToUpperInvariant()}, {s.Units} units, {init}, {signs}, seed {s.Seed}";
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Figures;
using EiRnnFast.Studies.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// The folder of one training run: network.npz, initial.npz, training.csv, spectrum.csv, spectrum.png, trials.png, where spectra were
/// tracked spectrum-epochs.csv and spectrum-epochs.png, figures as .svg too if asked for, and, last, summary.json. An existing folder is reused, and never holds a summary beside files of another run.
/// </summary>
public static class RunFolder
{
    private const string SummaryName = "summary.json", EpochsName = "spectrum-epochs";

    /// <summary>The files, in the order in which a person reads them.</summary>
    /// <param name="tracked">Whether spectra were tracked.</param>
    /// <param name="svg">Figures as SVG beside PNG.</param>
    public static IReadOnlyList<string> Names(bool tracked = false, bool svg = false)
    {
        string[] figures = tracked ? ["spectrum", "trials", EpochsName] : ["spectrum", "trials"];
        return ["network.npz", "initial.npz", "training.csv", "spectrum.csv", SummaryName, .. figures.Select(name => $"{name}.png"), .. tracked ? [$"{EpochsName}.csv"] : Array.Empty<string>(), .. svg ? figures.Select(name => $"{name}.svg") : []];
    }

    /// <summary>Writes all files of a run aside, then puts them in their places; if one cannot be written, the folder stays as it was.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="run">What to write.</param>
    /// <param name="svg">Figures as SVG beside PNG.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static void Write(string folder, TrainingRun run, bool svg = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        FilesAside.Write(folder, SummaryName, [$"{EpochsName}.csv", $"{EpochsName}.png", $"{EpochsName}.svg", "spectrum.svg", "trials.svg"], aside => WriteFiles(aside, run, svg));
    }

    private static void WriteFiles(string folder, TrainingRun run, bool svg)
    {
        var summary = new TrainingSummary(run);
        var provenance = Provenance(summary);
        NetworkFile.Write(Path.Combine(folder, "initial.npz"), run.Initial, new Dictionary<string, string>(provenance) { ["epochs_run"] = "0", ["stopped"] = "created" });
        NetworkFile.Write(Path.Combine(folder, "network.npz"), run.Network, provenance);
        AtomicFile.WriteText(Path.Combine(folder, "training.csv"), TrainingCsv(run));
        AtomicFile.WriteText(Path.Combine(folder, "spectrum.csv"), SpectrumCsv(run.InitialSpectrum, run.Spectrum));
        var title = Title(run);
        SpectrumFigure.Of(Panel(run.InitialSpectrum, "as created"), Panel(run.Spectrum, $"after {run.Result.EpochsRun} epochs"), title).Write(Path.Combine(folder, "spectrum"), svg);
        TrialsFigure.Of([.. TrialTrace.OfTypes(run.Settings.Task, run.Result.Test, run.Result.TestOutputs)], title).Write(Path.Combine(folder, "trials"), svg); // the first test trial of each type
        if (run.EpochSpectra.Count > 0)
        {
            AtomicFile.WriteText(Path.Combine(folder, $"{EpochsName}.csv"), EpochsCsv(run.EpochSpectra));
            SpectrumEpochsFigure.Of([.. run.EpochSpectra.Select((spectrum, epoch) => new SpectrumEpoch(epoch, spectrum.Eigenvalues, spectrum.OuterRadius, spectrum.InnerRadius))], title)
                .Write(Path.Combine(folder, EpochsName), svg);
        }
        AtomicFile.WriteText(Path.Combine(folder, SummaryName), JsonSerializer.Serialize(summary, TrainingSummary.Json) + "\n");
    }

    /// <summary>What a trained network's file says of where it came from.</summary>
    internal static Dictionary<string, string> Provenance(TrainingSummary summary) => new()
    {
        ["version"] = summary.Version, ["kernel_set"] = summary.KernelSet, ["task"] = summary.Task,
        ["data_seed"] = summary.DataSeed.ToString(CultureInfo.InvariantCulture),
        ["epochs_run"] = summary.EpochsRun.ToString(CultureInfo.InvariantCulture), ["stopped"] = summary.Stopped,
    };

    /// <summary>Eigenvalues as text, one rank a row: re_before, im_before, re_after, im_after; without an initial spectrum re, im.</summary>
    public static string SpectrumCsv(Spectrum? before, Spectrum after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var text = new StringBuilder(before is null ? "re,im\n" : "re_before,im_before,re_after,im_after\n");
        for (var i = 0; i < after.Units; i++)
        {
            if (before is not null) text.Append(CultureInfo.InvariantCulture, $"{before.Eigenvalues[i].Real:R},{before.Eigenvalues[i].Imaginary:R},");
            text.Append(CultureInfo.InvariantCulture, $"{after.Eigenvalues[i].Real:R},{after.Eigenvalues[i].Imaginary:R}\n");
        }
        return text.ToString();
    }

    private static string EpochsCsv(IReadOnlyList<Spectrum> spectra)
    {
        var text = new StringBuilder("epoch,rank,re,im\n");
        for (var epoch = 0; epoch < spectra.Count; epoch++)
            for (var rank = 0; rank < spectra[epoch].Units; rank++)
                text.Append(CultureInfo.InvariantCulture, $"{epoch},{rank + 1},{spectra[epoch].Eigenvalues[rank].Real:R},{spectra[epoch].Eigenvalues[rank].Imaginary:R}\n");
        return text.ToString();
    }

    /// <summary>σ_min on its grid as text: re, im, sigma_min.</summary>
    public static string PseudospectrumCsv(Pseudospectrum grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var text = new StringBuilder("re,im,sigma_min\n");
        for (var row = 0; row < grid.Im.Count; row++)
            for (var column = 0; column < grid.Re.Count; column++)
                text.Append(CultureInfo.InvariantCulture, $"{grid.Re[column]:R},{grid.Im[row]:R},{grid[row, column]:R}\n");
        return text.ToString();
    }

    /// <summary>One spectrum drawn as a panel.</summary>
    public static SpectrumPanel Panel(Spectrum spectrum, string title)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        return new SpectrumPanel(title, spectrum.Eigenvalues, spectrum.Outliers, spectrum.Theory?.OuterRadius, spectrum.Theory?.InnerRadius);
    }

    private static string TrainingCsv(TrainingRun run)
    {
        var (result, validated) = (run.Result, run.Result.ValidationLosses.Count > 0);
        var text = new StringBuilder($"epoch,loss,gradient_norm,{(validated ? "validation_loss,validation_accuracy," : "")}seconds\n");
        for (var i = 0; i < result.EpochsRun; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{result.Losses[i]:R},{result.GradientNorms[i]:R},");
            if (validated) text.Append(CultureInfo.InvariantCulture, $"{result.ValidationLosses[i]:R},{result.ValidationAccuracies[i]:R},");
            text.Append(CultureInfo.InvariantCulture, $"{result.EpochSeconds[i]:F3}\n");
        }
        return text.ToString();
    }

    private static string Title(TrainingRun run)
    {
        var s = run.Settings;
        var signs = s.Signs.Axis == Model.SignAxis.None ? "no sign constraint"
            : $"{SettingNames.Of(SettingNames.Axes, s.Signs.Axis)}, {s.Units - s.Signs.InhibitoryCount(s.Units)} E / {s.Signs.InhibitoryCount(s.Units)} I";
        return $"{s.Task.Name.ToUpperInvariant()}, {s.Units} units, {SettingNames.Of(SettingNames.Inits, s.Init.Kind)}{(s.Init.Balanced ? " balanced" : "")}, {signs}, seed {s.Seed}";
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using EiRnnFast.Kernels;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// The folder of one training run: network.npz, initial.npz, training.csv, spectrum.csv, where spectra were tracked spectrum-epochs.csv,
/// where asked for states.npz (the test trials), whatever figures are added to them and, last, summary.json. An existing folder is
/// reused, and never holds a summary beside files of another run.
/// </summary>
public static class RunFolder
{
    /// <summary>The trained network.</summary>
    public const string NetworkName = "network.npz";

    internal const string SummaryName = "summary.json";

    /// <summary>The states of the test trials.</summary>
    public const string StatesName = "states.npz";

    private const string EpochsName = "spectrum-epochs.csv";

    /// <summary>The files without figures, in the order in which a person reads them.</summary>
    /// <param name="tracked">Whether spectra were tracked.</param>
    /// <param name="states">Whether states are written.</param>
    public static IReadOnlyList<string> Names(bool tracked = false, bool states = false)
    {
        string[] names = [NetworkName, "initial.npz", "training.csv", "spectrum.csv", SummaryName];
        return [.. names, .. tracked ? [EpochsName] : Array.Empty<string>(), .. states ? [StatesName] : Array.Empty<string>()];
    }

    /// <summary>Writes all files of a run aside, then puts them in their places; if one cannot be written, the folder stays as it
    /// was.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="run">What to write.</param>
    /// <param name="figures">Adds figures.</param>
    /// <param name="states">Whether the states of the test trials are written too.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static void Write(string folder, TrainingRun run, FolderFigures? figures = null, bool states = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        FolderFigures.WriteWith(folder, figures, drawn =>
            FilesAside.Write(folder, SummaryName, [EpochsName, StatesName, .. drawn?.Every ?? []], aside =>
            {
                if (states) WriteStates(Path.Combine(aside, StatesName), run);
                WriteFiles(aside, run, drawn);
            }));
    }

    private static void WriteFiles(string folder, TrainingRun run, FolderFigures? figures)
    {
        var summary = new TrainingSummary(run);
        var provenance = Provenance(summary);
        var asCreated = new Dictionary<string, string>(provenance) { ["epochs_run"] = "0", ["stopped"] = "created" };
        NetworkFile.Write(Path.Combine(folder, "initial.npz"), run.Initial, asCreated);
        NetworkFile.Write(Path.Combine(folder, NetworkName), run.Network, provenance);
        AtomicFile.WriteText(Path.Combine(folder, "training.csv"), TrainingCsv(run));
        AtomicFile.WriteText(Path.Combine(folder, "spectrum.csv"), SpectrumCsv(run.InitialSpectrum, run.Spectrum));
        if (run.Tracking is { } tracking) AtomicFile.WriteText(Path.Combine(folder, EpochsName), EpochsCsv(tracking, run.TrackedSpectra));
        figures?.Write(folder);
        AtomicFile.WriteText(Path.Combine(folder, SummaryName), JsonSerializer.Serialize(summary, TrainingSummary.Json) + "\n");
    }

    private static void WriteStates(string path, TrainingRun run)
    {
        var (network, test) = (run.Network, run.Result.Test);
        var (outputs, states) = network.Run(test.X, test.Count, KernelSet.Get(run.Result.KernelSet));
        var provenance = new Dictionary<string, string>(Provenance(new TrainingSummary(run)))
        {
            ["data_seed"] = run.Result.DataSeed.ToString(CultureInfo.InvariantCulture),
        };
        StatesFile.Write(path, network, run.Settings.PosedTask(), test, outputs, states, provenance);
    }

    /// <summary>What a trained network's file says of where it came from.</summary>
    internal static Dictionary<string, string> Provenance(TrainingSummary summary)
    {
        Dictionary<string, string> provenance = new()
        {
            ["version"] = summary.Version, ["kernel_set"] = summary.KernelSet,
            ["epochs_run"] = summary.EpochsRun.ToString(CultureInfo.InvariantCulture), ["stopped"] = summary.Stopped,
        };
        // The settings of the network itself stand beside its sizes.
        foreach (var setting in SettingTable.All.Where(setting => setting.Part != SettingPart.Network))
            if (setting.Of(summary.Settings) is { } value) provenance[setting.Name] = SettingText.Of(value);
        return provenance;
    }

    /// <summary>Eigenvalues as text, one rank a row: re_before, im_before, re_after, im_after; without an initial spectrum
    /// re, im.</summary>
    public static string SpectrumCsv(Spectrum? before, Spectrum after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var text = new StringBuilder(before is null ? "re,im\n" : "re_before,im_before,re_after,im_after\n");
        for (var i = 0; i < after.Units; i++)
        {
            if (before is not null)
                text.Append(CultureInfo.InvariantCulture, $"{before.Eigenvalues[i].Real:R},{before.Eigenvalues[i].Imaginary:R},");
            text.Append(CultureInfo.InvariantCulture, $"{after.Eigenvalues[i].Real:R},{after.Eigenvalues[i].Imaginary:R}\n");
        }
        return text.ToString();
    }

    private static string EpochsCsv(SpectrumTracking tracking, IReadOnlyList<TrackedSpectrum> spectra)
    {
        var text = new StringBuilder($"{tracking.Unit},rank,re,im\n");
        foreach (var (at, spectrum) in spectra)
            foreach (var (i, eigenvalue) in spectrum.Eigenvalues.Index())
                text.Append(CultureInfo.InvariantCulture, $"{at},{i + 1},{eigenvalue.Real:R},{eigenvalue.Imaginary:R}\n");
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
}

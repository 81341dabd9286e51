using System.Text.Json;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// The folder of an analysis of dynamics: groups.csv, comparisons.csv, fixed_points.csv, jacobians.csv, jacobian_eigenvalues.csv, pca.csv,
/// outlier_activity.csv, ablation.csv, pruning.csv, where asked for single_units.csv, learned.csv, bifurcations.csv,
/// fixed_point_curves.csv and states-1.npz, states-2.npz and so on, one a network in their order, distances.csv and alignments.csv of
/// compared networks, whatever figures are added to them and, last, dynamics.json. An existing folder is reused, and never holds a
/// dynamics.json beside files of another analysis.
/// </summary>
public static class DynamicsFolder
{
    private const string SummaryName = "dynamics.json";

    /// <summary>The table of distances, of an analysis that compares networks.</summary>
    public const string DistancesName = "distances.csv";

    /// <summary>The alignment of compared networks unit by unit, in both directions.</summary>
    public const string AlignmentsName = "alignments.csv";

    /// <summary>What is left without each unit alone.</summary>
    public const string SingleUnitsName = "single_units.csv";

    /// <summary>What is left with part of what training has added.</summary>
    public const string LearnedName = "learned.csv";

    /// <summary>The files without figures, in the order in which a person reads them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [SummaryName, "groups.csv", "comparisons.csv", "fixed_points.csv", "jacobians.csv", "jacobian_eigenvalues.csv", "pca.csv",
            OutlierActivityTable.Name, "ablation.csv", "pruning.csv"];

    private static readonly string[] s_optional =
        [.. BifurcationSummary.Names, DistancesName, AlignmentsName, SingleUnitsName, LearnedName];

    /// <summary>The files of states, one a network.</summary>
    public static IEnumerable<string> StatesNames(int networks) => Enumerable.Range(1, networks).Select(StatesName);

    /// <summary>Refuses a folder where an analysis would replace or take away a file that it reads, or one that no analysis has
    /// written.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="figures">All figures that may be there.</param>
    /// <param name="read">Files that the analysis reads.</param>
    /// <exception cref="InvalidInputException">It is such a folder.</exception>
    public static void RequireOwn(string folder, IEnumerable<string> figures, IEnumerable<string> read)
    {
        ArgumentNullException.ThrowIfNull(figures);
        OutputFolder.RequireOwn(folder,
            [.. Names, .. s_optional, .. Directory.Exists(folder) ? EarlierStates(folder) : [], .. figures], SummaryName, read);
    }

    /// <summary>Writes all files aside, then puts them in their places; if one cannot be written, the folder stays as it was.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="run">What to write.</param>
    /// <param name="figures">Adds figures.</param>
    /// <param name="states">Whether states are written too.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static void Write(string folder, DynamicsRun run, FolderFigures? figures = null, bool states = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(run);
        string[] old = [.. EarlierStates(folder), .. s_optional];
        FolderFigures.WriteWith(folder, figures, drawn => FilesAside.Write(folder, SummaryName, [.. old, .. drawn?.Every ?? []], aside =>
        {
            if (states) WriteStates(aside, run);
            if (run.Settings.Bifurcation is not null)
            {
                AtomicFile.WriteText(Path.Combine(aside, BifurcationSummary.Names[0]), BifurcationSummary.Table(run));
                AtomicFile.WriteText(Path.Combine(aside, BifurcationSummary.Names[1]), BifurcationSummary.Points(run));
            }
            AtomicFile.WriteText(Path.Combine(aside, "groups.csv"), DynamicsTables.Groups(run));
            AtomicFile.WriteText(Path.Combine(aside, "comparisons.csv"), DynamicsComparison.Table(run));
            AtomicFile.WriteText(Path.Combine(aside, "fixed_points.csv"), DynamicsTables.FixedPoints(run));
            AtomicFile.WriteText(Path.Combine(aside, "jacobians.csv"), JacobianSummary.Table(run));
            AtomicFile.WriteText(Path.Combine(aside, "jacobian_eigenvalues.csv"), JacobianSummary.Eigenvalues(run));
            AtomicFile.WriteText(Path.Combine(aside, "pca.csv"), DynamicsTables.Components(run));
            AtomicFile.WriteText(Path.Combine(aside, OutlierActivityTable.Name), OutlierActivityTable.Csv(run));
            AtomicFile.WriteText(Path.Combine(aside, "ablation.csv"), DynamicsTables.Ablation(run));
            AtomicFile.WriteText(Path.Combine(aside, "pruning.csv"), DynamicsTables.Pruning(run));
            if (run.Similarity is { } similarity)
            {
                AtomicFile.WriteText(Path.Combine(aside, DistancesName), SimilaritySummary.Table(similarity, run.Networks));
                AtomicFile.WriteText(Path.Combine(aside, AlignmentsName), SimilaritySummary.Alignments(similarity, run.Networks));
            }
            if (run.Settings.SingleUnits) AtomicFile.WriteText(Path.Combine(aside, SingleUnitsName), SingleUnitTable.Of(run));
            if (run.Settings.Initial is not null) AtomicFile.WriteText(Path.Combine(aside, LearnedName), LearnedTruncationTable.Csv(run));
            drawn?.Write(aside);
            var summary = JsonSerializer.Serialize(DynamicsSummary.Of(run), TrainingSummary.Json);
            AtomicFile.WriteText(Path.Combine(aside, SummaryName), summary + "\n");
        }));
    }

    private static void WriteStates(string folder, DynamicsRun run)
    {
        foreach (var (name, network) in StatesNames(run.Networks.Count).Zip(run.Networks))
            new NetworkRun
            {
                File = network.File, Network = network.Network, Task = run.Settings.Task, DataSeed = run.DataSeed, Trials = run.Trials,
                NoiseSeed = run.Settings.Noise ? run.Settings.Seed : null, KernelSet = run.Backend.Kernels.Name,
                Outputs = network.Outputs, States = network.States, Accuracy = network.Accuracy, Loss = network.Loss,
            }.Write(Path.Combine(folder, name));
    }

    private static string StatesName(int number) => FormattableString.Invariant($"states-{number}.npz");

    /// <summary>Those that the folder holds: an earlier analysis may have had more networks.</summary>
    private static IEnumerable<string> EarlierStates(string folder) =>
        from file in Directory.EnumerateFiles(folder, "states-*.npz")
        let name = Path.GetFileName(file)
        where int.TryParse(name["states-".Length..^".npz".Length], out var number) && name == StatesName(number)
        select name;
}

using System.Text.Json;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// The folder of an analysis of dynamics: groups.csv, fixed_points.csv, pca.csv, ablation.csv, pruning.csv, whatever figures are added to
/// them and, last, dynamics.json. An existing folder is reused, and never holds a dynamics.json beside files of another analysis.
/// </summary>
public static class DynamicsFolder
{
    private const string SummaryName = "dynamics.json";

    /// <summary>The files without figures, in the order in which a person reads them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [SummaryName, "groups.csv", "fixed_points.csv", "pca.csv", "ablation.csv", "pruning.csv"];

    /// <summary>Writes all files aside, then puts them in their places; if one cannot be written, the folder stays as it was.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="run">What to write.</param>
    /// <param name="figures">Adds figures.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static void Write(string folder, DynamicsRun run, FolderFigures? figures = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(run);
        FolderFigures.WriteWith(folder, figures, drawn => FilesAside.Write(folder, SummaryName, [.. drawn?.Every ?? []], aside =>
        {
            AtomicFile.WriteText(Path.Combine(aside, "groups.csv"), DynamicsTables.Groups(run));
            AtomicFile.WriteText(Path.Combine(aside, "fixed_points.csv"), DynamicsTables.FixedPoints(run));
            AtomicFile.WriteText(Path.Combine(aside, "pca.csv"), DynamicsTables.Components(run));
            AtomicFile.WriteText(Path.Combine(aside, "ablation.csv"), DynamicsTables.Ablation(run));
            AtomicFile.WriteText(Path.Combine(aside, "pruning.csv"), DynamicsTables.Pruning(run));
            drawn?.Write(aside);
            var summary = JsonSerializer.Serialize(DynamicsSummary.Of(run), TrainingSummary.Json);
            AtomicFile.WriteText(Path.Combine(aside, SummaryName), summary + "\n");
        }));
    }
}

namespace EiRnnFast.Studies.Runs;

/// <summary>Figures that a folder of results holds beside its data. Who draws them is not the business of who writes the data.</summary>
/// <param name="Every">Names of all that may be there: those of an earlier run do not stay.</param>
/// <param name="Write">Writes them into the folder that it is given.</param>
public sealed record FolderFigures(IReadOnlyList<string> Every, Action<string> Write);

namespace EiRnnFast.Studies.Runs;

/// <summary>Figures that a folder of results holds beside its data. Who draws them is not the business of who writes the data.</summary>
/// <param name="Every">Names of all that may be there: those of an earlier run do not stay.</param>
/// <param name="Write">Writes them into the folder that it is given.</param>
public sealed record FolderFigures(IReadOnlyList<string> Every, Action<string> Write)
{
    /// <summary>
    /// Writes a folder of results with its figures. If a figure fails, the folder is written without figures: a picture that finds no
    /// room must not cost what took hours.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="figures">The figures, if any are wanted.</param>
    /// <param name="write">Writes the folder, with the figures that it is given or with none.</param>
    /// <exception cref="InvalidInputException">The folder was written without its figures, or not at all.</exception>
    internal static void WriteWith(string folder, FolderFigures? figures, Action<FolderFigures?> write)
    {
        var isFigure = false;
        try
        {
            write(figures is null ? null : figures with { Write = Draw });
        }
        catch (InvalidInputException e) when (isFigure || figures?.Every.Any(name => Directory.Exists(Path.Combine(folder, name))) == true)
        {
            write(figures! with { Write = _ => { } });
            throw new InvalidInputException($"{e.Message} (all numbers are written, the figures are not)", e);
        }

        void Draw(string aside)
        {
            isFigure = true;
            figures.Write(aside);
            isFigure = false;
        }
    }
}

using EiRnnFast.Training;

namespace EiRnnFast.Files;

/// <summary>Wiring costs in a .npy file: [N×N], or the places of the units, [N×2] or [N×3], whose distances are the costs.</summary>
public static class CostFile
{
    private const string Expected = "a .npy of costs [N,N], or of places [N,2] or [N,3]";

    /// <summary>Most places: their distances are N² numbers.</summary>
    private const int MostPlaces = 10_000;

    /// <summary>Reads the file. Whether its size is that of a network is seen when it is used.</summary>
    /// <exception cref="InvalidInputException">No such file, another kind of file, or values that are not finite.</exception>
    public static WiringCost Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var array = InputFile.Read(path, Expected, stream => InputFile.Detect(stream) == FileContent.Npy
            ? NpyReader.Read(stream, stream.Length, path)
            : throw InputFile.Unusable(path, "content that is not NumPy's", Expected, "save the costs with numpy.save"));
        if (array is not { IsNumeric: true, Shape: [var units, var columns] }
            || columns != units && columns is not (2 or 3) || units > MostPlaces)
            throw InputFile.Unusable(path, $"an array of shape {array.ShapeText}", Expected, "save the costs again");
        var values = array.ToDoubles();
        if (values.Any(value => !float.IsFinite((float)value)))
            throw InputFile.Unusable(path, "a value that is not finite", Expected, "save the costs again");
        var cost = columns == units ? new WiringCost([.. values.Select(value => (float)value)])
            : WiringCost.OfPlaces([.. Enumerable.Range(0, units).Select(unit => values[(unit * columns)..((unit + 1) * columns)])]);
        return cost with { SourceFile = path, Sha256 = InputFile.Sha256Of(path, Expected) };
    }
}

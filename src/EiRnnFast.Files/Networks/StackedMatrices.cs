using EiRnnFast.Model;

namespace EiRnnFast.Files;

/// <summary>A stack of square matrices of one size, [n×N×N], as a .npy file holds it.</summary>
public sealed class StackedMatrices
{
    /// <summary>Most matrices of a stack.</summary>
    public const int MostMatrices = 100_000;

    private const string Expected = "a square matrix [N×N] or a stack of them [n×N×N]";

    private readonly Array _values;

    private StackedMatrices(Array values, int count, int units) => (_values, Count, Units) = (values, count, units);

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>N.</summary>
    public int Units { get; }

    /// <summary>A copy of one matrix in double precision, [N×N], row-major. Safe to call from several threads.</summary>
    /// <param name="index">0 to n−1.</param>
    public double[] this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var size = Units * Units;
            var matrix = new double[size];
            if (_values is double[] doubles) doubles.AsSpan(index * size, size).CopyTo(matrix);
            else
                for (var k = 0; k < size; k++) matrix[k] = ((float[])_values)[index * size + k];
            return matrix;
        }
    }

    /// <summary>
    /// Reads the stack of a .npy file of three axes; null for one matrix and for a file of another kind, which
    /// <see cref="NetworkFile.ReadRecurrent"/> reads. Sizes are checked before values are read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, its array is neither a matrix nor a stack, or a value is not
    /// finite.</exception>
    public static StackedMatrices? TryRead(string path) => InputFile.Read(path, "a matrix, a stack of them or a network", stream =>
    {
        if (InputFile.Detect(stream) != FileContent.Npy) return null;
        var header = NpyReader.Header(stream, stream.Length, path);
        if (header.IsText || header.Shape.Length == 2) return null;
        RequireStack(path, header.Shape);
        stream.Position = 0;
        var stack = new StackedMatrices((Array)NpyReader.Read(stream, stream.Length, path).Values, header.Shape[0], header.Shape[1]);
        stack.RequireFinite(path);
        return stack;
    });

    private static void RequireStack(string path, int[] shape)
    {
        if (shape is not [var count, var rows, var columns] || rows != columns)
            throw InputFile.Unusable(path, $"an array of shape {(shape.Length == 0 ? "scalar" : string.Join("×", shape))}", Expected,
                "save the matrices as one array of three axes");
        if (count is < 1 or > MostMatrices)
            throw InputFile.Unusable(path, $"a stack of {count} matrices", $"1 to {MostMatrices}", "save a stack of that many");
        if (rows is < NetworkSpec.MinUnits or > NetworkSpec.MaxUnits)
            throw InputFile.Unusable(path, $"matrices of {rows} unit{(rows == 1 ? "" : "s")}",
                $"{NetworkSpec.MinUnits} to {NetworkSpec.MaxUnits}", "choose matrices of that size");
    }

    private void RequireFinite(string path)
    {
        var bad = _values is float[] singles ? Array.FindIndex(singles, value => !float.IsFinite(value))
            : Array.FindIndex((double[])_values, value => !double.IsFinite(value));
        if (bad < 0) return;
        var (index, place) = (bad / (Units * Units), bad % (Units * Units));
        throw InputFile.Unusable(path,
            FormattableString.Invariant(
                $"{_values.GetValue(bad)} at [{place / Units}, {place % Units}] of matrix {index} of the stack (from 0)"),
            "finite numbers only", "leave that matrix out, or train its network again");
    }
}

using EiRnnFast.Numerics;

namespace EiRnnFast.Benchmarks;

/// <summary>Matrices as the kernels take them: row-major, aligned, padding zero.</summary>
internal static class RandomMatrix
{
    /// <summary>Uniform values between −scale and scale in the first <paramref name="columns"/> of each row.</summary>
    public static AlignedBuffer Uniform(int rows, int columns, int width, float scale = 0.5f)
    {
        var random = new Random(rows + columns);
        var matrix = new AlignedBuffer((long)rows * width);
        for (var r = 0; r < rows; r++)
            foreach (ref var value in matrix.Span.Slice(r * width, columns)) value = scale * (2 * random.NextSingle() - 1);
        return matrix;
    }
}

using EiRnnFast.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Similarity;

/// <summary>
/// Dynamical similarity analysis (Ostrow et al. 2023): the turn or reflection C of O(n) that brings the linear dynamics B nearest to A,
/// min ‖A/‖A‖ − C·(B/‖B‖)·Cᵀ‖. The smaller matrix is filled with zeros. The least of many descents is not proven to be the minimum:
/// <see cref="LeastAngle"/> bounds it from below.
/// </summary>
public sealed record VectorFieldAlignment
{
    /// <summary>Descents that are begun unless said.</summary>
    public const int UsualStarts = 64;

    private const int FirstIterations = 25, MostIterations = 500, LeastFinished = 8;

    /// <summary>arccos of the cosine ⟨A, C·B·Cᵀ⟩/(‖A‖·‖B‖), 0 to π: the angular distance.</summary>
    public required double Angle { get; init; }

    /// <summary>‖A/‖A‖ − C·(B/‖B‖)·Cᵀ‖, 0 to 2: the Euclidean one, 2·sin(angle/2).</summary>
    public required double Distance { get; init; }

    /// <summary>No C has a smaller angle: symmetric and antisymmetric parts, each aligned as well as it can be for itself.</summary>
    public required double LeastAngle { get; init; }

    /// <summary>C by rows, [n×n], orthogonal.</summary>
    public required IReadOnlyList<double> Transform { get; init; }

    /// <summary>Aligns two square matrices.</summary>
    /// <param name="a">A by rows.</param>
    /// <param name="b">B by rows.</param>
    /// <param name="starts">Descents that are begun, 1 or more; the best of them are finished.</param>
    /// <param name="seed">Of the starts, 0 or above.</param>
    /// <exception cref="InvalidInputException">A matrix that is not square, not finite, or 0.</exception>
    public static VectorFieldAlignment Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int starts = UsualStarts, long seed = 1)
    {
        if (starts < 1) throw InvalidInputException.Of("starts of the alignment", starts, "1 or more", "64 is usual");
        var n = Math.Max(Side(a), Side(b));
        double[] first = Normalised(a, n), second = Normalised(b, n);
        // Multiples of the identity change no angle between turned copies but by a constant; without them descents are short.
        var descent = new AlignmentDescent(WithoutTrace(first, n), WithoutTrace(second, n), n);
        var begun = Starts(first, second, n, starts, new RandomStream(seed, "alignment starts"))
            .Select(start => descent.Run(start, FirstIterations)).OrderByDescending(end => end.Value)
            .Take(Math.Max(LeastFinished, starts / 4)).ToArray();
        var c = Orthonormal(begun.Select(end => descent.Run(end.Transform, MostIterations)).MaxBy(end => end.Value).Transform, n);
        var turned = SquareMatrix.ProductTransposed(SquareMatrix.Product(c, second, n), c, n);
        var distance = SquareMatrix.Norm([.. first.Zip(turned, (one, other) => one - other)]);
        return new VectorFieldAlignment
        {
            Angle = AngleOf(distance), Distance = distance, Transform = c,
            LeastAngle = AngleOf(Math.Sqrt(Math.Max(0, 2 - 2 * MostCosine(first, second, n)))),
        };
    }

    /// <summary>Of two unit vectors at a distance: exact for small ones, too.</summary>
    private static double AngleOf(double distance) => 2 * Math.Asin(Math.Min(1, distance / 2));

    private static int Side(ReadOnlySpan<double> matrix)
    {
        var n = (int)Math.Round(Math.Sqrt(matrix.Length));
        if (n < 1 || n * n != matrix.Length || matrix.ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue)
            || !matrix.ContainsAnyExcept(0.0))
            throw InvalidInputException.Of("dynamics to align", $"{matrix.Length} values", "a square matrix of finite numbers, not all 0",
                "fit them to activity that changes");
        return n;
    }

    private static double[] Normalised(ReadOnlySpan<double> matrix, int n)
    {
        var (side, padded, norm) = (Side(matrix), new double[n * n], SquareMatrix.Norm(matrix));
        for (var i = 0; i < side; i++)
            for (var j = 0; j < side; j++) padded[i * n + j] = matrix[i * side + j] / norm;
        return padded;
    }

    private static double[] WithoutTrace(double[] matrix, int n)
    {
        var mean = Enumerable.Range(0, n).Sum(i => matrix[i * n + i]) / n;
        double[] rest = [.. matrix];
        for (var i = 0; i < n; i++) rest[i * n + i] -= mean;
        return rest;
    }

    /// <summary>The identity; eigenvectors of the symmetric parts in the order of their eigenvalues; then, in turn, these with random
    /// signs and random orthogonal matrices, every second of either kind of the other determinant.</summary>
    private static IEnumerable<double[]> Starts(double[] a, double[] b, int n, int count, RandomStream random)
    {
        double[][] own = Eigenvectors(a, n), others = Eigenvectors(b, n);
        for (var start = 0; start < count; start++)
        {
            var c = new double[n * n];
            if (start == 0)
                for (var i = 0; i < n; i++) c[i * n + i] = 1;
            else if (start % 2 == 1)
                for (var k = 0; k < n; k++)
                {
                    var sign = start > 1 && random.NextUniform() < 0.5 ? -1 : 1;
                    for (var i = 0; i < n; i++)
                        for (var j = 0; j < n; j++) c[i * n + j] += sign * own[k][i] * others[k][j];
                }
            else
            {
                for (var i = 0; i < c.Length; i++) c[i] = random.NextGaussian();
                c = Orthonormal(c, n);
            }
            if (start % 4 >= 2)
                for (var i = 0; i < n; i++) c[i * n] = -c[i * n];
            yield return c;
        }
    }

    private static double[][] Eigenvectors(double[] matrix, int n) => SymmetricEigen.Of(Part(matrix, n, 1), n).Vectors;

    /// <summary>(M + sign·Mᵀ)/2.</summary>
    private static double[] Part(double[] matrix, int n, int sign)
    {
        var part = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) part[i * n + j] = (matrix[i * n + j] + sign * matrix[j * n + i]) / 2;
        return part;
    }

    /// <summary>Σ λ·μ of the symmetric parts and Σ σ·τ of the antisymmetric ones, both sorted (von Neumann).</summary>
    private static double MostCosine(double[] a, double[] b, int n)
    {
        double[] symmetric = SymmetricEigen.Of(Part(a, n, 1), n).Values, others = SymmetricEigen.Of(Part(b, n, 1), n).Values;
        return symmetric.Zip(others, (one, other) => one * other).Sum()
            + Turning(a).Zip(Turning(b), (one, other) => one * other).Sum();

        double[] Turning(double[] matrix) => SingularVectors.ValuesOf([.. Part(matrix, n, -1).Chunk(n)]);
    }

    /// <summary>Rows made orthonormal one after the other, twice.</summary>
    private static double[] Orthonormal(double[] matrix, int n)
    {
        double[] q = [.. matrix];
        for (var i = 0; i < n; i++)
        {
            var row = q.AsSpan(i * n, n);
            for (var pass = 0; pass < 2; pass++)
                for (var k = 0; k < i; k++)
                {
                    var part = SquareMatrix.Inner(row, q.AsSpan(k * n, n));
                    for (var j = 0; j < n; j++) row[j] -= part * q[k * n + j];
                }
            var norm = SquareMatrix.Norm(row);
            for (var j = 0; j < n; j++) row[j] /= norm;
        }
        return q;
    }
}

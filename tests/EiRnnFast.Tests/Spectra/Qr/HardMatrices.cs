using EiRnnFast.Model;

namespace EiRnnFast.Tests.Spectra.Qr;

/// <summary>Families of matrices that trouble eigenvalue solvers, each by size and seed.</summary>
internal static class HardMatrices
{
    /// <summary>Name, and matrix of a size and seed.</summary>
    public static Dictionary<string, Func<int, long, double[]>> Families { get; } = new()
    {
        ["random"] = Matrices.Gaussian,
        ["symmetric"] = Matrices.Symmetric,
        ["orthogonal"] = Matrices.Orthogonal,
        ["projected"] = (n, seed) => Matrices.Weights(Matrices.Constrained(Math.Max(n, 4), RecurrentInit.Orthogonal(),
            SignAxis.Presynaptic, 0.3), seed, project: true),
        ["frank"] = (n, _) => Matrices.Of(n, (i, j) => j < i - 1 ? 0 : n - Math.Max(i, j)),
        ["grcar"] = (n, _) => Matrices.Of(n, (i, j) => j == i - 1 ? -1 : j >= i && j <= i + 3 ? 1 : 0),
        ["companion"] = Companion,
        ["jordan"] = (n, seed) => Turned(Matrices.Of(n, (i, j) => i == j ? 0.5 : j == i + 1 ? 1 : 0), n, seed),
        ["nilpotent"] = (n, seed) => Turned(Matrices.Of(n, (i, j) => j == i + 1 ? 1 : 0), n, seed),
        ["repeated"] = (n, seed) => Turned(Matrices.Of(n, (i, j) => i == j ? i % 3 : 0), n, seed),
        ["graded"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (i, j) => Math.Pow(10, -12.0 * (i + j) / n)),
        ["graded up"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (i, j) => Math.Pow(10, -12.0 * (2 * n - i - j) / n)),
        ["badly scaled"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (i, j) => Math.ScaleB(1, i * 37 % n - j * 37 % n)),
        ["rank one"] = (n, seed) => Matrices.Of(n, (i, j) => Math.Sin(i + seed) * Math.Cos(3 * j + seed) / n),
        ["cycle"] = (n, _) => Matrices.Of(n, (i, j) => j == (i + 1) % n ? 1 : 0),
        ["near cycle"] = (n, seed) => Matrices.Of(n, (i, j) => (j == (i + 1) % n ? 1 : 0) + 1e-15 * Math.Sin(i * n + j + seed)),
        ["ones"] = (n, _) => Matrices.Of(n, (_, _) => 1),
        ["tiny"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (_, _) => 1e-200),
        ["huge"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (_, _) => 1e200),
        ["skew"] = (n, seed) =>
        {
            var w = Matrices.Gaussian(n, seed);
            return Matrices.Of(n, (i, j) => (w[i * n + j] - w[j * n + i]) / 2);
        },
        ["hessenberg of small subdiagonals"] = (n, seed) =>
            Scaled(Matrices.Gaussian(n, seed), n, (i, j) => j < i - 1 ? 0 : j == i - 1 ? 1e-9 : 1),
        ["triangular"] = (n, seed) => Scaled(Matrices.Gaussian(n, seed), n, (i, j) => j < i ? 0 : 1),
    };

    private static double[] Companion(int n, long seed)
    {
        var coefficients = Matrices.Gaussian(n, seed);
        return Matrices.Of(n, (i, j) => i == 0 ? coefficients[j] * n : i == j + 1 ? 1 : 0);
    }

    private static double[] Scaled(double[] matrix, int n, Func<int, int, double> factor) =>
        Matrices.Of(n, (i, j) => matrix[i * n + j] * factor(i, j));

    /// <summary>QᵀAQ with an orthogonal Q, so that nothing stands at 0 any more.</summary>
    private static double[] Turned(double[] matrix, int n, long seed)
    {
        var q = Matrices.Orthogonal(n, seed);
        return Product(Product(Matrices.Of(n, (i, j) => q[j * n + i]), matrix, n), q, n);
    }

    public static double[] Product(double[] a, double[] b, int n) =>
        Matrices.Of(n, (i, j) => Enumerable.Range(0, n).Sum(k => a[i * n + k] * b[k * n + j]));
}

using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Matrices and comparisons for the tests of the spectra.</summary>
internal static class Matrices
{
    public static double[] Gaussian(int n, long seed)
    {
        var random = new RandomStream(seed, "test matrix");
        return [.. Enumerable.Range(0, n * n).Select(_ => random.NextGaussian() / Math.Sqrt(n))];
    }

    public static double[] Symmetric(int n, long seed)
    {
        var w = Gaussian(n, seed);
        return Of(n, (i, j) => (w[i * n + j] + w[j * n + i]) / 2);
    }

    public static double[] Orthogonal(int n, long seed) => [.. Weights(Unconstrained(n, RecurrentInit.Orthogonal()), seed)];

    public static double[] Of(int n, Func<int, int, double> entry) => [.. Enumerable.Range(0, n * n).Select(k => entry(k / n, k % n))];

    /// <summary>Well conditioned matrices on which every solver must agree.</summary>
    public static IEnumerable<(string Name, double[] Matrix, int Size)> WellConditioned() =>
    [
        ("orthogonal 50", Orthogonal(50, 1), 50), ("orthogonal 100", Orthogonal(100, 2), 100),
        ("normal 50", Gaussian(50, 3), 50), ("normal 100", Gaussian(100, 4), 100), ("symmetric 60", Symmetric(60, 5), 60),
        ("projected 100", Weights(Constrained(100, RecurrentInit.Orthogonal(), SignAxis.Presynaptic, 0.3), 6, project: true), 100),
    ];

    public static NetworkSpec Unconstrained(int n, RecurrentInit init) =>
        new() { Units = n, Inputs = 2, Outputs = 1, Signs = SignConstraint.None, Init = init };

    public static NetworkSpec Constrained(int n, RecurrentInit init, SignAxis axis, double inhibitory) => new()
    {
        Units = n, Inputs = 2, Outputs = 1, Init = init,
        Signs = axis == SignAxis.Presynaptic ? SignConstraint.Presynaptic(1 - inhibitory) : SignConstraint.Postsynaptic(1 - inhibitory),
    };

    /// <summary>The initial W_rec of a network, projected onto its sign constraint if asked.</summary>
    public static double[] Weights(NetworkSpec spec, long seed, bool project = false)
    {
        var w = EiRnn.Create(spec, seed).RecurrentWeights.ToArray();
        var signs = spec.Signs.SignsOf(spec.Units);
        return Of(spec.Units, (i, j) =>
        {
            double weight = w[i * spec.Units + j];
            return project && weight * signs[spec.Signs.Axis == SignAxis.Postsynaptic ? j : i] < 0 ? 0 : weight;
        });
    }

    /// <summary>
    /// Largest distance of the eigenvalues of one list from those of the other, each matched to its nearest that is free.
    /// </summary>
    public static double Distance(IEnumerable<Complex> left, IEnumerable<Complex> right)
    {
        List<Complex> free = [.. right];
        var worst = 0.0;
        foreach (var z in left)
        {
            var nearest = free.MinBy(other => (other - z).Magnitude);
            worst = Math.Max(worst, (nearest - z).Magnitude);
            free.Remove(nearest);
        }
        Assert.Empty(free);
        return worst;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Largest modulus first, up to rounding, and every complex eigenvalue followed by its conjugate.</summary>
    public static void AssertOrdered(IReadOnlyList<Complex> eigenvalues)
    {
        var rounding = 1e-11 * eigenvalues[0].Magnitude;
        for (var i = 1; i < eigenvalues.Count; i++) Assert.True(eigenvalues[i].Magnitude <= eigenvalues[i - 1].Magnitude + rounding);
        for (var i = 0; i < eigenvalues.Count; i++)
            if (eigenvalues[i].Imaginary != 0)
            {
                Assert.True(eigenvalues[i].Imaginary > 0);
                Assert.Equal(Complex.Conjugate(eigenvalues[i]), eigenvalues[++i]);
            }
    }
}

using System.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>The own solver and every native LAPACK that is installed, on matrices whose eigenvalues are known or must agree.</summary>
public sealed class EigenSolverTests
{
    private const double Tolerance = 1e-10;

    [Theory]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Native_and_own_solvers_agree(string solver)
    {
        var native = SolverDataAttribute.SolverOf(solver);
        Assert.True(native.IsNative);
        foreach (var (name, matrix, n) in Matrices.WellConditioned())
        {
            Complex[] expected = EigenSolver.Own.Eigenvalues(matrix, n), actual = native.Eigenvalues(matrix, n);
            Assert.True(Matrices.Distance(expected, actual) < Tolerance, $"{name}: {Matrices.Distance(expected, actual)}");
            Matrices.AssertOrdered(expected);
            Matrices.AssertOrdered(actual);
        }
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Known_eigenvalues_are_found_in_order(string solver)
    {
        // The companion matrix of (x − 3)(x − 2)(x + 1)(x² + 1) = x⁵ − 4x⁴ + 2x³ + 2x² + x + 6.
        double[] polynomial = [6, 1, 2, 2, -4];
        AssertEigenvalues(solver, Matrices.Of(5, (i, j) => j == 4 ? -polynomial[i] : i == j + 1 ? 1 : 0), 3, 2, Complex.ImaginaryOne,
            -Complex.ImaginaryOne, -1);
        AssertEigenvalues(solver, [0.6, -0.8, 0.8, 0.6], new Complex(0.6, 0.8), new Complex(0.6, -0.8));
        AssertEigenvalues(solver, [2, 1, 1, 2], 3, 1);
        AssertEigenvalues(solver, [-3], -3);
        AssertEigenvalues(solver, Matrices.Of(12, (i, j) => i == j ? 1 : 0), [.. Enumerable.Repeat(Complex.One, 12)]);
        // Two equal rotations: each conjugate beside its own.
        Complex up = new(0, 2), down = new(0, -2);
        AssertEigenvalues(solver, Matrices.Of(4, (i, j) => i / 2 == j / 2 && i != j ? i < j ? -2 : 2 : 0), up, down, up, down);
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Degenerate_matrices_are_solved(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        // Triangular, but for the order of its units: a defective zero of multiplicity 60, which only isolation finds exactly.
        int[] order = [.. Enumerable.Range(0, 60).Select(i => i * 37 % 60)];
        Assert.All(with.Eigenvalues(Matrices.Of(60, (i, j) => order[i] > order[j] ? 1 + (i + j) % 3 : 0), 60),
            z => Assert.Equal(Complex.Zero, z));
        foreach (var n in (int[])[1, 2, 3, 7, 50])
        {
            var zero = Spectrum.Of(new double[n * n], n, solver: with);
            Assert.All(zero.Eigenvalues, z => Assert.Equal(Complex.Zero, z));
            Assert.Equal(0, zero.Henrici);
            Assert.Equal(SpectrumShape.Disc, zero.Shape);

            var nilpotent = Spectrum.Of(Matrices.Of(n, (i, j) => j == i + 1 ? 1 : 0), n, solver: with);
            Assert.Equal(0, nilpotent.SpectralRadius, Tolerance);
            Assert.Equal(n == 1 ? 0 : 1, nilpotent.Henrici, Tolerance);
        }
        // A Jordan block of size 2: rounding may split its eigenvalue by √ε.
        Assert.All(with.Eigenvalues([1, 1, 0, 1], 2), z => Assert.Equal(0, (z - 1).Magnitude, 1e-7));

        // Units without weights in or out: a zero eigenvalue each, the others those of the rest.
        const int size = 40, alive = 25;
        var rest = Matrices.Gaussian(alive, 11);
        var expected = with.Eigenvalues(rest, alive).Concat(Enumerable.Repeat(Complex.Zero, size - alive));
        var padded = Matrices.Of(size, (i, j) => i < alive && j < alive ? rest[i * alive + j] : 0);
        Assert.True(Matrices.Distance(expected, with.Eigenvalues(padded, size)) < Tolerance);
        // Units that reach none (zero rows): the upper left block and zeros.
        var noise = Matrices.Gaussian(size, 12);
        var silent = Matrices.Of(size, (i, j) => i >= alive ? 0 : j < alive ? rest[i * alive + j] : noise[i * size + j]);
        Assert.True(Matrices.Distance(expected, with.Eigenvalues(silent, size)) < Tolerance);
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Scale_changes_nothing_but_the_scale(string solver)
    {
        const int n = 50;
        var with = SolverDataAttribute.SolverOf(solver);
        var matrix = Matrices.Gaussian(n, 21);
        var reference = Spectrum.Of(matrix, n, solver: with);
        foreach (var scale in (double[])[1e150, 1e-150, 1e300, 1e-300])
        {
            var scaled = Spectrum.Of([.. matrix.Select(w => w * scale)], n, solver: with);
            Assert.True(Matrices.Distance(reference.Eigenvalues, scaled.Eigenvalues.Select(z => z / scale)) < Tolerance);
            Matrices.AssertOrdered(scaled.Eigenvalues);
            Assert.Equal(reference.Henrici, scaled.Henrici, Tolerance);
            Assert.Equal(reference.OuterRadius, scaled.OuterRadius / scale, Tolerance);
            Assert.Equal(reference.InnerRadius, scaled.InnerRadius / scale, Tolerance);
            Assert.Equal(reference.Outliers.Count, scaled.Outliers.Count);
        }
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Units_of_very_different_scales_do_not_spoil_each_other(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        foreach (var (up, down) in ((double, double)[])[(1e160, 1e-160), (1e300, 1e-300), (-1e160, -1e-160)])
            AssertEigenvalues(solver, [0, down, up, 0], 1, -1);
        AssertEigenvalues(solver, [1, 1e-160, 1e160, 1], 2, 0);
        // D·A·D⁻¹ has the eigenvalues of A; D holds powers of two, so that nothing is rounded.
        foreach (var n in (int[])[2, 3, 10, 40])
        {
            var matrix = Matrices.Gaussian(n, 40 + n);
            int[] scale = [.. Enumerable.Range(0, n).Select(i => (i * 37 % n * 1000 / n) - 500)];
            var spoiled = Matrices.Of(n, (i, j) => Math.ScaleB(matrix[i * n + j], scale[i] - scale[j]));
            Assert.True(Matrices.Distance(with.Eigenvalues(matrix, n), with.Eigenvalues(spoiled, n)) < Tolerance);
        }
        // Blocks of their own scale, the first coupled to the last by a weight larger than all.
        double[] blocks = [0, 1e-200, 1e300, 0, 1e-200, 0, 0, 0, 0, 0, 0, 1e200, 0, 0, 1e200, 0];
        var found = with.Eigenvalues(blocks, 4);
        double[] expected = [1e200, -1e200, 1e-200, -1e-200];
        for (var i = 0; i < 4; i++) Assert.Equal(1, found[i].Real / expected[i], Tolerance);
        Assert.Equal(1e-200, Spectrum.Of(blocks, 4, solver: with).Eigenvalues[^1].Magnitude, 1e-212);
        Assert.Equal([4.94e-318, -4.94e-318], with.Eigenvalues([0, 4.94e-318, 4.94e-318, 0], 2).Select(z => z.Real));
        var message = Assert.Throws<InvalidInputException>(() => with.Eigenvalues([.. Enumerable.Repeat(1.7e308, 9)], 3)).Message;
        Assert.Contains("scale the matrix down", message, StringComparison.Ordinal);
        Assert.Contains("near 2^1025", message, StringComparison.Ordinal); // 5.1e308
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Cycles_lie_on_a_circle_whatever_their_weights(string solver)
    {
        foreach (var n in (int[])[2, 3, 4, 5, 8, 16, 31, 64, 128])
        {
            // Weights 2^k whose product is 1, around the cycle i → i + 1.
            int[] weight = [.. Enumerable.Range(0, n).Select(i => i == n - 1 ? 0 : i % 2 == 0 ? 300 : -299)];
            weight[n - 1] = -weight.Sum();
            foreach (var scaled in (bool[])[false, true])
            {
                var found = SolverDataAttribute.SolverOf(solver).Eigenvalues(Matrices.Of(n, (i, j) => j == (i + 1) % n ? scaled
                    ? Math.ScaleB(1, weight[i]) : 1 : 0), n);
                Assert.True(Matrices.Distance(Enumerable.Range(0, n).Select(k => Complex.FromPolarCoordinates(1, 2 * Math.PI * k / n)),
                    found) < Tolerance, $"{n} {scaled}");
            }
        }
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Unusable_matrices_are_refused(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
            Assert.Contains("finite", Assert.Throws<InvalidInputException>(() => with.Eigenvalues([1, 2, value, 4], 2)).Message,
                StringComparison.Ordinal);
        foreach (var (length, n) in (ReadOnlySpan<(int, int)>)[(6, 2), (0, 2), (0, 0), (9, -3)])
            Assert.Contains("square", Assert.Throws<InvalidInputException>(() => with.Eigenvalues(new double[length], n)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    public void Threads_may_share_a_solver(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        var matrix = Matrices.Gaussian(40, 31);
        var expected = with.Eigenvalues(matrix, 40);
        Parallel.For(0, 16, _ => Assert.Equal(expected, with.Eigenvalues(matrix, 40)));
    }

    [Fact]
    public void A_library_that_cannot_serve_is_refused()
    {
        var message = Assert.Throws<InvalidInputException>(() => EigenSolver.FromLibrary("libthere-is-none.so", "--lapack")).Message;
        Assert.StartsWith("--lapack: found 'libthere-is-none.so', expected a loadable library", message, StringComparison.Ordinal);
        foreach (var name in (string[])["own", "managed"]) Assert.Same(EigenSolver.Own, EigenSolver.Get(name));
        Assert.StartsWith("own", EigenSolver.Own.Name, StringComparison.Ordinal);
        Assert.False(EigenSolver.Own.IsNative);
    }

    private static void AssertEigenvalues(string solver, double[] matrix, params Complex[] expected)
    {
        var actual = SolverDataAttribute.SolverOf(solver).Eigenvalues(matrix, expected.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True((actual[i] - expected[i]).Magnitude < Tolerance, $"{i}: {actual[i]}, not {expected[i]}");
    }
}

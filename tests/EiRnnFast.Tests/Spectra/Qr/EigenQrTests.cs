using System.Numerics;
using EiRnnFast.Kernels.Doubles;
using EiRnnFast.Spectra;
using EiRnnFast.Spectra.Qr;

namespace EiRnnFast.Tests.Spectra.Qr;

/// <summary>The own QR algorithm on matrices that trouble eigenvalue solvers: backward errors, Schur forms, the same bits.</summary>
public sealed class EigenQrTests
{
    private const double Limit = 1e-13;

    /// <summary>Matrices of each family and size: 2000 in all.</summary>
    private const int Repeats = 18;

    public static TheoryData<string> Families => [.. HardMatrices.Families.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_eigenvalue_is_one_of_a_matrix_nearby(string family)
    {
        foreach (var n in (int[])[2, 3, 5, 12, 31])
            for (var seed = 1; seed <= Repeats; seed++) AssertNearby(family, n, seed, Own);
        foreach (var n in (int[])[64, 90]) AssertNearby(family, n, 7, Own, most: 6);
    }

    /// <summary>Sweeps with bulges begin at 150 units, and the Schur form has them from 60.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Larger_matrices_are_solved_by_sweeps_and_deflation_windows(string family)
    {
        if (family is "huge" or "tiny") return; // the Schur form is scaled before, which its own test shows
        AssertNearby(family, 200, 3, Own, most: 2);
        AssertNearby(family, 110, 4, (matrix, size) => Diagonal(SchurOf(matrix, size), size), most: 4);
    }

    private static void AssertNearby(string family, int n, long seed, Func<double[], int, Complex[]> solve, int most = int.MaxValue)
    {
        var matrix = HardMatrices.Families[family](n, seed);
        n = (int)Math.Sqrt(matrix.Length);
        var found = solve(matrix, n);
        Assert.Equal(n, found.Length);
        var step = Math.Max(1, n / most);
        for (var i = 0; i < n; i += step)
        {
            var error = BackwardError.Of(matrix, n, found[i]);
            Assert.True(error < Limit, $"{family}, {n} units, seed {seed}: {found[i]} is off by {error:0.0e0}");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(130)]
    [InlineData(250)]
    public void The_Schur_form_keeps_norm_trace_and_resolvent(int n)
    {
        var matrix = Matrices.Gaussian(n, 80 + n);
        var schur = SchurOf(matrix, n);
        Assert.Equal(1, Norm(schur) / Norm(matrix), 1e-12);
        Assert.True(Matrices.Distance(EigenSolver.Own.Eigenvalues(matrix, n), Diagonal(schur, n)) < 1e-10);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j + 1 < i; j++) Assert.Equal(0, schur[i * n + j]);
            if (i == 0 || schur[i * n + i - 1] == 0) continue;
            Assert.Equal(schur[(i - 1) * n + i - 1], schur[i * n + i]); // a standard block
            Assert.True(schur[i * n + i - 1] * schur[(i - 1) * n + i] < 0);
            Assert.True(i + 1 == n || schur[(i + 1) * n + i] == 0);
        }
        // ‖A²‖ and trace(A³) are kept by every orthogonal similarity
        if (n > 150) return;
        double[] squared = HardMatrices.Product(matrix, matrix, n), squaredSchur = HardMatrices.Product(schur, schur, n);
        Assert.Equal(1, Norm(squaredSchur) / Norm(squared), 1e-12);
        double Cube(double[] a, double[] square) => Enumerable.Range(0, n * n).Sum(k => square[k] * a[k % n * n + k / n]);
        Assert.Equal(Cube(matrix, squared), Cube(schur, squaredSchur), 1e-10);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(97)]
    [InlineData(180)]
    [InlineData(310)]
    public void Lanes_of_256_and_512_bits_give_the_same_bits(int n)
    {
        var matrix = Matrices.Gaussian(n, n);
        double[] re = new double[n], im = new double[n], wideRe = new double[n], wideIm = new double[n];
        Assert.True(EigenQr.Eigenvalues(matrix, n, re, im, DoubleKernels.Wide256));
        Assert.True(EigenQr.Eigenvalues(matrix, n, wideRe, wideIm, DoubleKernels.Wide512));
        Assert.Equal(re, wideRe);
        Assert.Equal(im, wideIm);
        double[] schur = [.. matrix], wide = [.. matrix];
        Assert.True(EigenQr.Schur(schur, n, DoubleKernels.Wide256));
        Assert.True(EigenQr.Schur(wide, n, DoubleKernels.Wide512));
        Assert.Equal(schur, wide);
    }

    [Fact]
    public void A_workspace_that_was_used_before_changes_nothing()
    {
        Complex[] first = [], again = [];
        var small = Matrices.Gaussian(45, 1);
        var thread = new Thread(() =>
        {
            first = EigenSolver.Own.Eigenvalues(small, 45);
            EigenSolver.Own.Eigenvalues(Matrices.Gaussian(170, 2), 170);
            SchurOf(HardMatrices.Families["huge"](120, 3).Select(value => value / 1e190).ToArray(), 120);
            again = EigenSolver.Own.Eigenvalues(small, 45);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(first, again);
    }

    [Fact]
    public void Conjugates_are_exact_and_the_engine_needs_no_package()
    {
        foreach (var n in (int[])[33, 160])
        {
            var found = EigenSolver.Own.Eigenvalues(Matrices.Gaussian(n, 5), n);
            Matrices.AssertOrdered(found);
            Assert.Equal(0, found.Sum(z => z.Imaginary));
        }
        Assert.All(typeof(EiRnnException).Assembly.GetReferencedAssemblies(),
            name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));
    }

    private static Complex[] Own(double[] matrix, int n) => EigenSolver.Own.Eigenvalues(matrix, n);

    private static double[] SchurOf(double[] matrix, int n)
    {
        double[] schur = [.. matrix];
        Assert.True(EigenQr.Schur(schur, n));
        return schur;
    }

    private static Complex[] Diagonal(double[] t, int n)
    {
        List<Complex> found = [];
        for (var i = 0; i < n; i++)
        {
            var half = i + 1 < n ? Math.Sqrt(Math.Abs(t[i * n + i + 1])) * Math.Sqrt(Math.Abs(t[(i + 1) * n + i])) : 0;
            found.Add(new(t[i * n + i], half));
            if (i + 1 < n && t[(i + 1) * n + i] != 0) found.Add(new(t[i * n + i], -half));
            else found[^1] = t[i * n + i];
            if (i + 1 < n && t[(i + 1) * n + i] != 0) i++;
        }
        return [.. found];
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}

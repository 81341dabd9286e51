using System.Numerics;
using System.Text.Json;
using EiRnnFast.Spectra;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Checks of the law, eigenvectors and the learned part: against SciPy and NumPy (laws.py), and by their error rates.</summary>
public sealed class LawTests(ITestOutputHelper output)
{
    private const int N = 30;
    private const double Tolerance = 1e-8;

    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Spectra", "laws.json"))).RootElement;

    public static TheoryData<string> Kinds => ["uniform", "signed", "sparse", "elliptic", "two areas"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_law_of_variances_is_that_of_scipy(string kind)
    {
        var (law, expected) = (VarianceLaw.Of(Matrix(kind), N)!, s_reference.GetProperty(kind).GetProperty("law"));
        Close(expected.GetProperty("edge"), law.Edge);
        Close(expected.GetProperty("relative_error"), law.RelativeError);
        Close(expected.GetProperty("ellipticity"), law.Ellipticity);
        Close(expected.GetProperty("kurtosis"), law.Kurtosis);
        Assert.Equal(expected.GetProperty("components").GetInt32(), law.Components);
        Assert.InRange(law.Edge, law.Low, law.High);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Overlaps_and_participation_are_those_of_scipys_eigenvectors(string kind)
    {
        var matrix = Matrix(kind);
        foreach (var solver in new[] { EigenSolver.Own, EigenSolver.Current })
        {
            var eigenvalues = solver.Eigenvalues(matrix, N);
            var vectors = Eigenvectors.Of(matrix, eigenvalues, solver);
            foreach (var mode in s_reference.GetProperty(kind).GetProperty("modes").EnumerateArray())
            {
                var pair = mode.GetProperty("eigenvalue");
                Complex z = new(pair[0].GetDouble(), pair[1].GetDouble());
                var k = Enumerable.Range(0, N).MinBy(i => (eigenvalues[i] - z).Magnitude);
                Close(mode.GetProperty("overlap"), vectors.Overlaps[k]);
                Close(mode.GetProperty("pattern"), Eigenvectors.Participation(vectors.Pattern(k)));
                Close(mode.GetProperty("sensitivity"), Eigenvectors.Participation(vectors.Sensitivity(k)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Eigenvectors_solve_their_equations(string kind)
    {
        var matrix = Matrix(kind);
        var eigenvalues = EigenSolver.Current.Eigenvalues(matrix, N);
        var vectors = Eigenvectors.Of(matrix, eigenvalues);
        for (var k = 0; k < N; k++)
        {
            var (p, s) = (vectors.Pattern(k), vectors.Sensitivity(k));
            for (var i = 0; i < N; i++)
            {
                Complex fromLeft = 0, fromRight = 0;
                for (var j = 0; j < N; j++)
                {
                    fromLeft += p[j] * matrix[j * N + i];
                    fromRight += matrix[i * N + j] * s[j];
                }
                Assert.True((fromLeft - eigenvalues[k] * p[i]).Magnitude < 1e-10);
                Assert.True((fromRight - eigenvalues[k] * s[i]).Magnitude < 1e-10);
            }
            Assert.Equal(1, Eigenvectors.Share(p, _ => true), 12);
            Assert.Equal(1, Eigenvectors.Share(p, i => i < 10) + Eigenvectors.Share(p, i => i >= 10), 12);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_learned_part_is_numpys_and_its_last_truncation_the_trained_matrix(string kind)
    {
        double[] after = Matrix(kind), before = [.. Matrix("uniform").Select(value => value / 2)];
        var (part, expected) = (LearnedPart.Of(after, before, N), s_reference.GetProperty(kind));
        Close(expected.GetProperty("relative_norm"), part.RelativeNorm);
        var singular = expected.GetProperty("singular");
        for (var k = 0; k < N; k++)
            Assert.True(Math.Abs(singular[k].GetDouble() - part.SingularValues[k]) < Tolerance * part.SingularValues[0]);
        var (first, last) = (part.Truncations[0], part.Truncations[^1]);
        Assert.Equal((0, N), (first.Rank, last.Rank));
        Assert.Equal(Spectrum.Of(before, N).SpectralRadius, first.SpectralRadius, 12);
        Assert.Equal(Spectrum.Of(after, N).SpectralRadius, last.SpectralRadius, 10);
        Assert.Equal(1, last.Norm, 6);
        Assert.InRange(part.EffectiveRank, 1, N);
    }

    [Fact]
    public void Distances_are_those_of_scipys_kstest()
    {
        foreach (string kind in (string[])["uniform", "sparse", "elliptic"])
        {
            var eigenvalues = EigenSolver.Current.Eigenvalues(Matrix(kind), N);
            var law = LawCheck.Of(new SpectralBulk(1, 0, SpectrumShape.Disc, 0), eigenvalues, null);
            Close(s_reference.GetProperty(kind).GetProperty("even"), law.AngleDistance!.Value);
            double[] moduli = [.. eigenvalues.Select(z => z.Magnitude / 5).Order()];
            Close(s_reference.GetProperty(kind).GetProperty("moduli"), new RingLaw(0, 1, 2).Distance(moduli)); // the circular law: F = r²
        }
    }

    [Fact]
    public void The_law_of_a_ring_counts_what_its_quantiles_say()
    {
        foreach (var law in new RingLaw[] { new(0.6, 0.4, 2), new(0.8, 0.3, 3), new(0, 1, 4), new(1, 0, 2.5) })
        {
            double[] points = [.. Enumerable.Range(0, 200).Select(k => law.QuantileAt((k + 0.5) / 200))];
            Assert.InRange(law.Distance(points), 0.5 / 200 - 1e-9, law.B == 0 && law.Spread == 2 ? 1 : 0.5 / 200 + 1e-6);
        }
    }

    [Fact]
    public void Matrices_that_the_law_describes_are_not_doubted_and_others_are()
    {
        var (wrongly, missed, covered) = (0, 0, 0);
        const int each = 8, n = 200;
        for (var seed = 0; seed < each; seed++)
        {
            var gaussian = Matrices.Gaussian(n, seed);
            var law = Spectrum.Of(gaussian, n).Law;
            if (law.EdgeDoubtful || law.ModuliDiffer || law.AnglesDiffer) wrongly++;
            if (law.Variances!.Low < 1 && law.Variances.High > 1) covered++;
            // correlated with the mirror image; entries of 2.5 degrees of freedom would need larger matrices
            if (!Spectrum.Of(Matrices.Of(n, (i, j) => gaussian[i * n + j] + 0.4 * gaussian[j * n + i]), n).Law.AnglesDiffer) missed++;
            if (!Spectrum.Of(Product(gaussian, Matrices.Gaussian(n, seed + 100), n), n).Law.ModuliDiffer) missed++;
            var block = Matrices.Of(n, (i, j) => gaussian[i * n + j] * (i < 10 && j < 10 ? 12 : 1));
            if (!Spectrum.Of(block, n).Law.EdgeDoubtful) missed++;
        }
        output.WriteLine($"of {each}: {wrongly} doubted wrongly, {covered} covered; of {3 * each} {missed} missed");
        Assert.InRange(wrongly, 0, 1);
        Assert.InRange(covered, each - 2, each);
        Assert.InRange(missed, 0, 1);
    }

    [Fact]
    public void The_interval_holds_the_edge_of_products_whose_rows_and_columns_are_drawn_too()
    {
        // Entries taken as independent give intervals that hold it 67 times in 100.
        const int n = 40, draws = 200;
        var covered = Enumerable.Range(0, draws).Count(seed =>
            VarianceLaw.Of(Product(Matrices.Gaussian(n, seed), Matrices.Gaussian(n, seed + 1000), n), n) is { Low: < 1, High: > 1 });
        output.WriteLine($"{covered} of {draws}");
        Assert.InRange(covered / (double)draws, 0.85, 1);
    }

    private static double[] Product(double[] one, double[] other, int n)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var k = 0; k < n; k++)
                for (var j = 0; j < n; j++) product[i * n + j] += one[i * n + k] * other[k * n + j];
        return product;
    }

    [Fact]
    public void An_orthogonal_matrix_is_not_doubted_for_its_mirror_images()
    {
        // Q·D·Qᵀ with D = ±1 is symmetric: every entry is its mirror image, and still all eigenvalues lie on the unit circle.
        const int n = 60;
        var q = Matrices.Orthogonal(n, 5);
        var law = Spectrum.Of(Matrices.Of(n, (i, j) =>
            Enumerable.Range(0, n).Sum(k => (k % 2 == 0 ? 1 : -1) * q[i * n + k] * q[j * n + k])), n).Law;
        Assert.True(law.Variances!.Ellipticity > 0.9);
        Assert.False(law.EdgeDoubtful);
        Assert.InRange(law.WrongEdge!.Value, 0, 1);
        var gaussian = Matrices.Gaussian(n, 6);
        Assert.InRange(Spectrum.Of(Matrices.Of(n, (i, j) => gaussian[i * n + j] - gaussian[j * n + i]), n).Law.WrongEdge!.Value, 0, 1);
    }

    [Fact]
    public void Edges_of_populations_densities_and_areas_are_those_of_theory()
    {
        const int n = 300;
        var gaussian = Matrices.Gaussian(n, 3);
        // one block of ninefold variance: the larger root of 0.5·[[9, 1], [1, 1]]
        Near(Math.Sqrt(0.5 * (10 + Math.Sqrt(64 + 4)) / 2),
            Matrices.Of(n, (i, j) => gaussian[i * n + j] * (i < n / 2 && j < n / 2 ? 3 : 1)));
        var keep = Matrices.Gaussian(n, 4);
        var share = keep.Count(value => value * Math.Sqrt(n) < -1) / (double)(n * n);
        Near(Math.Sqrt(share), Matrices.Of(n, (i, j) => keep[i * n + j] * Math.Sqrt(n) < -1 ? gaussian[i * n + j] : 0));
        Near(1.4, Matrices.Of(n, (i, j) =>
            (Math.Sqrt(1.4) * (gaussian[i * n + j] + gaussian[j * n + i])
                + Math.Sqrt(0.6) * (gaussian[i * n + j] - gaussian[j * n + i])) / 2));

        void Near(double theory, double[] matrix) => Assert.InRange(VarianceLaw.Of(matrix, n)!.Edge / theory, 0.96, 1.04);
    }

    [Fact]
    public void The_interval_of_an_edge_is_the_same_for_any_number_of_threads_and_holds_theory()
    {
        var (covered, each) = (0, 12);
        for (var seed = 0; seed < each; seed++)
        {
            var interval = EdgeInterval.Of(Matrices.Gaussian(40, seed), 40, draws: 60)!;
            if (interval.Low < 1 && interval.High > 1) covered++;
        }
        Assert.InRange(covered, each - 2, each);
        var matrix = Matrices.Gaussian(40, 99);
        Assert.Equal(EdgeInterval.Of(matrix, 40, 40, 7, threads: 1), EdgeInterval.Of(matrix, 40, 40, 7, threads: 3));
        Assert.NotEqual(EdgeInterval.Of(matrix, 40, 40, 7), EdgeInterval.Of(matrix, 40, 40, 8));
        Assert.Throws<InvalidInputException>(() => EdgeInterval.Of(matrix, 40, draws: 39));
        Assert.Null(EdgeInterval.Of(Matrices.Gaussian(10, 1), 10, 40));
    }

    [Fact]
    public void What_has_no_law_has_none()
    {
        Assert.Null(VarianceLaw.Of(new double[N * N], N));
        Assert.Null(VarianceLaw.Of([.. Enumerable.Repeat(0.3, N * N)], N));
        Assert.Null(VarianceLaw.Of([1, 2, 3, 4], 2));
        var chain = VarianceLaw.Of(Matrices.Of(N, (i, j) => j == i + 1 ? 1 : 0), N)!; // a feedforward chain and what its means leave
        Assert.InRange(chain.Edge, 0, 1);
        Assert.Throws<InvalidInputException>(() => VarianceLaw.Of([1, 2, 3, double.NaN], 2));
        Assert.All(Spectrum.Of(Matrices.Gaussian(6, 1), 6).Law.Reasons, reason => Assert.Fail(reason)); // too small for any doubt
        Assert.False(Spectrum.Of(Matrices.Gaussian(6, 1), 6).Law.Checked);
        // One Jordan block: each vector is one unit, and no overlap is finite. A matrix of zeros has any vectors.
        var jordan = Eigenvectors.Of(Matrices.Of(N, (i, j) => j == i + 1 ? 1 : 0), [.. new Complex[N]]);
        Assert.Equal(1, Eigenvectors.Participation(jordan.Pattern(0)), 9);
        Assert.Equal(1, Eigenvectors.Participation(jordan.Sensitivity(N - 1)), 9);
        Assert.All(jordan.Overlaps, overlap => Assert.Equal(double.PositiveInfinity, overlap));
        Assert.InRange(Eigenvectors.Participation(Eigenvectors.Of(new double[16], [0, 0, 0, 0]).Pattern(2)), 1, 4);
        var identity = Eigenvectors.Of(Matrices.Of(4, (i, j) => i == j ? 1 : 0), [1, 1, 1, 1]);
        Assert.All(identity.Overlaps, overlap => Assert.Equal(1, overlap));
    }

    private static double[] Matrix(string kind)
    {
        var state = (long)kind.Length;
        double[] w = [.. Enumerable.Range(0, N * N)
            .Select(_ => (state = (state * 1103515245 + 12345) % (1L << 31)) / (double)(1L << 31) - 0.5)];
        return Matrices.Of(N, (i, j) => kind switch
        {
            "signed" => Math.Abs(w[i * N + j]) * (i < 10 ? -2 : 1),
            "sparse" => Math.Abs(w[i * N + j]) < 0.35 ? 0 : w[i * N + j],
            "elliptic" => w[i * N + j] + 0.6 * w[j * N + i],
            "two areas" => w[i * N + j] + (i < 15 == j < 15 ? 2.0 : 0),
            _ => w[i * N + j],
        });
    }

    private static void Close(JsonElement expected, double actual) =>
        Assert.True(Math.Abs(expected.GetDouble() - actual) <= Tolerance * Math.Max(1, Math.Abs(actual)),
            $"{expected} expected, {actual} found");
}

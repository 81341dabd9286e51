using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Pseudospectra and growth of known matrices against NumPy's SVD, over native LAPACK and the own solver.</summary>
public sealed class NonNormalityTests
{
    private const double Tolerance = 1e-8;

    private static readonly Complex[] s_points =
        [0.5, new(0.7, 0.2), 1.5, new(-0.3, 1.1), new(0.9, -2.5), new(0, 3), new(1, 2), new(0.25, 0.1)];

    /// <summary>σ_min of zI − A at the points, numerical abscissa, 2-norm, Henrici and largest ‖Aᵏ‖ up to k = 200, by NumPy.</summary>
    private static readonly (string Name, double[] Matrix, int Size, double[] Sigma, double Abscissa, double Norm,
        double Henrici)[] s_known =
    [
        ("Jordan", Jordan(12), 12,
            [0.0, 2.411724800001817e-07, 0.12558103905862678, 0.4314418393069542, 1.5748916042091494, 2.08128659490571, 1.1098478680043917,
                1.3469204839541736e-07],
            1.4709418174260516, 1.4892040674717295, 0.8864052604279183),
        ("Grcar", Matrices.Of(40, (i, j) => j == i - 1 ? -1 : j >= i && j <= i + 3 ? 1 : 0), 40,
            [0.5419894655043993, 0.36236380635764476, 0.0002460203995737847, 0.21808513291900963, 0.0042379825953460706,
                0.12991323773750343, 0.00013808053894577194, 0.7631925843801071],
            2.964392094544519, 3.2297521764728168, 0.487413319161796),
        ("circulant", Matrices.Of(15, (i, j) => 0.3 * Math.Cos((j - i + 15) % 15) / (1 + (j - i + 15) % 15)), 15,
            [0.1627575056824113, 0.2324801542137813, 1.0414255773183634, 1.0990923486724873, 2.3489733710834972, 2.80656542612213,
                1.8981102017529936, 0.019316639394874314],
            0.4709613862815371, 0.4974448632134993, 0),
    ];

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    [SolverData(SolverDataAttribute.OpenBlas)]
    [SolverData(SolverDataAttribute.Reference)]
    public void Known_matrices_have_the_pseudospectra_of_NumPy(string solver)
    {
        foreach (var known in s_known)
        {
            var schur = SchurForm.Of(known.Matrix, known.Size, SolverDataAttribute.SolverOf(solver));
            for (var k = 0; k < s_points.Length; k++)
            {
                var sigma = Pseudospectrum.SmallestSingularValue(schur, s_points[k]);
                Assert.True(Math.Abs(sigma - known.Sigma[k]) <= Tolerance,
                    $"{known.Name} at {s_points[k]}: {sigma}, NumPy {known.Sigma[k]}");
            }
            Assert.Equal(known.Henrici, schur.Henrici, Tolerance);
        }
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    public void A_badly_scaled_matrix_with_its_spectrum_inside_the_unit_circle_has_a_finite_bound(string solver)
    {
        // Eigenvalues 0 and ±½; what σ_min is the Schur form of entries of 1e20 cannot hold.
        var growth = NonNormality.Of([0, 1e20, 0, 2.5e-21, 0, 1e20, 0, 0, 0], 3, SolverDataAttribute.SolverOf(solver));
        Assert.InRange(growth.KreissBound, 1, growth.LargestPower);
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    public void Growth_is_that_of_NumPy(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        foreach (var known in s_known)
        {
            var growth = NonNormality.Of(known.Matrix, known.Size, with);
            Assert.Equal(known.Abscissa, growth.NumericalAbscissa, Tolerance);
            Assert.Equal(known.Norm, growth.PowerNorms[1], Tolerance);
        }
        var jordan = NonNormality.Of(Jordan(12), 12, with);
        Assert.Equal((20, true), (jordan.LargestPowerAt, jordan.PowersDecay));
        Assert.Equal(443.3581693546774, jordan.LargestPower, 1e-6);
        Assert.Equal(92.82754822483247, jordan.KreissBound, 1e-5);
        Assert.Equal(0, jordan.KreissPoint!.Value.Imaginary, 1e-12);

        var normal = NonNormality.Of(s_known[2].Matrix, 15, with);
        Assert.Equal((1.0, 1.0, 0, null), (normal.KreissBound, normal.LargestPower, normal.LargestPowerAt, normal.KreissPoint));
        var growing = NonNormality.Of(s_known[1].Matrix, 40, with);
        Assert.Equal((double.PositiveInfinity, false), (growing.KreissBound, growing.PowersDecay));
        Assert.Equal(1, growing.LargestPower / 3.446326662125487e+75, 1e-8);
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    public void Schur_forms_keep_eigenvalues_and_norm(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        foreach (var (name, matrix, n) in Matrices.WellConditioned())
        {
            var schur = SchurForm.Of(matrix, n, with);
            Assert.True(Matrices.Distance(with.Eigenvalues(matrix, n), Enumerable.Range(0, n).Select(i => schur[i, i])) < 1e-10, name);
            var squares = Enumerable.Range(0, n).Sum(i => Enumerable.Range(0, n).Sum(j => Math.Pow(schur[i, j].Magnitude, 2)));
            Assert.Equal(matrix.Sum(w => w * w), squares, 1e-9);
            Assert.Equal(Spectrum.Of(matrix, n, solver: with).Henrici, schur.Henrici, 1e-6);
        }
    }

    [Theory]
    [SolverData(SolverDataAttribute.Own)]
    [SolverData(SolverDataAttribute.Current)]
    public void Degenerate_matrices_have_pseudospectra_too(string solver)
    {
        var with = SolverDataAttribute.SolverOf(solver);
        foreach (var n in (int[])[1, 2, 5])
        {
            var zero = NonNormality.Of(new double[n * n], n, with);
            Assert.Equal((0.0, 0.0, 1.0, 1.0), (zero.Henrici, zero.NumericalAbscissa, zero.LargestPower, zero.KreissBound));
            Assert.Equal(2.5, Pseudospectrum.SmallestSingularValue(zero.Schur, new Complex(1.5, 2)), 1e-12);
        }
        var rotation = NonNormality.Of([0, -1, 1, 0], 2, with);
        Assert.Equal(1, rotation.LargestPower, 1e-12);
        Assert.Equal(1, rotation.KreissBound, 1e-6);
        Assert.Equal(0, rotation.NumericalAbscissa, 1e-12);
        // Orthogonal by rounding only.
        foreach (var n in (int[])[5, 20, 60])
        {
            var spec = new NetworkSpec { Units = n, Inputs = 1, Outputs = 1, Signs = SignConstraint.None };
            var init = EiRnn.Create(spec, 3).RecurrentWeights.ToArray();
            var orthogonal = NonNormality.Of([.. init.Select(w => (double)w)], n, with);
            Assert.InRange(orthogonal.KreissBound, 1, 1 + 1e-4);
            Assert.Equal((true, 2), (orthogonal.PowersDecay, orthogonal.PowerNorms.Count));
        }
        // A nilpotent block of N = 2: ‖A‖ = 10, A² = 0.
        var nilpotent = NonNormality.Of([0, 10, 0, 0], 2, with);
        Assert.Equal((1, true), (nilpotent.LargestPowerAt, nilpotent.PowersDecay));
        Assert.Equal(10, nilpotent.LargestPower, 1e-9);
        Assert.InRange(nilpotent.KreissBound, 2, 10);
        Assert.Throws<InvalidInputException>(() => SchurForm.Of([1, double.NaN, 0, 1], 2, with));
        Assert.Throws<InvalidInputException>(() => SchurForm.Of([1, 0, 0], 2, with));
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e59)]
    public void The_scale_of_a_matrix_changes_no_departure(double scale)
    {
        var known = s_known[1];
        var measured = NonNormality.Of([.. known.Matrix.Select(w => w * scale)], known.Size);
        Assert.Equal(known.Henrici, measured.Henrici, Tolerance);
        Assert.Equal(known.Abscissa, measured.NumericalAbscissa / scale, Tolerance);
        Assert.Throws<InvalidInputException>(() => NonNormality.Of([0, 1e200, 0, 0], 2));
    }

    [Fact]
    public void Projected_matrices_grow_between_Kreiss_and_its_theorem()
    {
        const int n = 40;
        var matrix = Matrices.Weights(Matrices.Constrained(n, EiRnnFast.Model.RecurrentInit.Normal(), EiRnnFast.Model.SignAxis.Presynaptic,
            0.5), 4, project: true);
        var growth = NonNormality.Of(matrix, n);
        Assert.True(growth.PowersDecay);
        Assert.InRange(growth.LargestPower, growth.KreissBound, Math.E * n * growth.KreissBound);
        Assert.True(growth.LargestPower > 1.5);
    }

    [Fact]
    public void A_grid_is_symmetric_and_its_contours_enclose_the_levels()
    {
        // Of 0.3·I σ_min is the distance from 0.3: contours are circles.
        var grid = Pseudospectrum.Of(SchurForm.Of([0.3, 0, 0, 0.3], 2), reach: 1, points: 80);
        Assert.Equal((81, 81), (grid.Re.Count, grid.Im.Count));
        for (var row = 0; row < 81; row += 8)
            for (var column = 0; column < 81; column += 5)
            {
                Assert.Equal(grid[row, column], grid[80 - row, column]);
                Assert.Equal((new Complex(grid.Re[column], grid.Im[row]) - 0.3).Magnitude, grid[row, column], 1e-12);
            }
        var circle = grid.Contour(0.5);
        Assert.All(circle, piece => Assert.Equal(0.5, (piece.From - 0.3).Magnitude, 2e-3));
        Assert.Equal(Math.PI, circle.Sum(piece => (piece.To - piece.From).Magnitude), 0.01);
        Assert.Empty(grid.Contour(5));
        Assert.Throws<InvalidInputException>(() => grid.Contour(0));
        var schur = SchurForm.Of([1], 1);
        Assert.Throws<InvalidInputException>(() => Pseudospectrum.Of(schur, points: 2));
        Assert.Throws<InvalidInputException>(() => Pseudospectrum.Of(schur, reach: double.NaN));
    }

    private static double[] Jordan(int n) => Matrices.Of(n, (i, j) => i == j ? 0.5 : j == i + 1 ? 1 : 0);
}

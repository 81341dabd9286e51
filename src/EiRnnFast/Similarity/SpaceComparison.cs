using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast.Similarity;

/// <summary>
/// How alike the activities X and Y of two networks, or of two populations, are on the same trials. None of the measures changes when
/// units change places, or with turns, reflections, shifts or another scale of the activity of either. docs/similarity.md has formulas.
/// </summary>
public sealed class SpaceComparison
{
    private readonly ActivitySpace _x, _y;
    private readonly double[][] _products;

    private SpaceComparison(ActivitySpace x, ActivitySpace y) => (_x, _y, _products) = (x, y, x.Products(y));

    /// <summary>Compares two activities.</summary>
    /// <exception cref="InvalidInputException">Another number of moments, or one that is still (<see cref="ActivitySpace.IsStill"/>).
    /// </exception>
    public static SpaceComparison Of(ActivitySpace x, ActivitySpace y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.IsStill || y.IsStill)
            throw InvalidInputException.Of("activity to compare", "units that never change", "at least one unit that does",
                "leave this network out");
        return new SpaceComparison(x, y);
    }

    /// <summary>Linear centred kernel alignment (Kornblith et al. 2019): ‖XᵀY‖²/(‖XᵀX‖·‖YᵀY‖), 0 to 1.</summary>
    public double Cka => Overlap() / Math.Sqrt(FourthPower(_x) * FourthPower(_y));

    /// <summary>
    /// The same of unbiased estimates (Song et al. 2012): about 0 for unrelated activity however many units there are; may be below 0.
    /// Null with fewer than four moments, or where an estimate of the activity's own is not above 0.
    /// </summary>
    public double? DebiasedCka
    {
        get
        {
            if (_x.Moments < 4) return null;
            double xx = Unbiased(_x, _x, FourthPower(_x)), yy = Unbiased(_y, _y, FourthPower(_y));
            return xx > 0 && yy > 0 ? Unbiased(_x, _y, Overlap()) / Math.Sqrt(xx * yy) : null;
        }
    }

    /// <summary>
    /// What the best turn, reflection and scale leave of the squared distance of X and Y, both centred and of norm 1; 0 to 1, as
    /// <c>scipy.spatial.procrustes</c>. Missing units are zeros.
    /// </summary>
    public double ProcrustesDisparity => Math.Max(0, 1 - NuclearNorm * NuclearNorm);

    /// <summary>The angular Procrustes distance arccos ‖XᵀY‖₊/(‖X‖·‖Y‖) (Williams et al. 2021), a metric; 0 to π/2.</summary>
    public double ShapeAngle => Math.Acos(Math.Clamp(NuclearNorm, 0, 1));

    /// <summary>Σσ of XᵀY, over ‖X‖·‖Y‖.</summary>
    private double NuclearNorm
    {
        get
        {
            var scale = Math.Sqrt(_x.Power * _y.Power);
            return SingularVectors.ValuesOf(Columns((i, j) => _x.SingularValues[i] * _products[i][j] * _y.SingularValues[j] / scale,
                _x.SingularValues.Count, _y.SingularValues.Count)).Sum();
        }
    }

    /// <summary>Canonical correlations of the components that hold a fraction of the variance of each (SVCCA, Raghu et al. 2017),
    /// largest first; no more than the rank.</summary>
    /// <param name="fraction">Above 0 to 1; 1 is canonical correlation analysis as it is.</param>
    public IReadOnlyList<double> CanonicalCorrelations(double fraction = 0.99)
    {
        if (!(fraction is > 0 and <= 1))
            throw InvalidInputException.Of("fraction of the variance", fraction, "above 0 to 1", "0.99 is usual");
        return [.. Cosines(Holding(_x, fraction), Holding(_y, fraction)).Select(cosine => Math.Min(1, cosine))];
    }

    /// <summary>
    /// Principal angles between the subspaces of the first components, largest first, in radians, 0 to π/2: as
    /// <c>scipy.linalg.subspace_angles</c> (Björck and Golub 1973; Knyazev and Argentati 2002).
    /// </summary>
    /// <param name="components">k, 1 or more; no more than either rank.</param>
    public IReadOnlyList<double> PrincipalAngles(int components)
    {
        var k = Within(components);
        var cosines = Cosines(k, k);
        double[][] left = [.. _y.Components.Take(k).Select(one => one.ToArray())];
        for (var j = 0; j < k; j++)
            for (var i = 0; i < k; i++) DoubleProducts.Add(-_products[i][j], _x.Components[i], left[j]);
        var sines = SingularVectors.ValuesOf(left);
        return [.. Enumerable.Range(0, k).Select(i => cosines[k - 1 - i] is var cosine && cosine * cosine >= 0.5
            ? Math.Asin(Math.Min(1, sines[i]))
            : Math.Acos(cosine))];
    }

    /// <summary>√ of the mean square of the principal angles: the Grassmann distance, whatever k.</summary>
    /// <inheritdoc cref="PrincipalAngles"/>
    public double SubspaceDistance(int components)
    {
        var angles = PrincipalAngles(components);
        return Math.Sqrt(angles.Sum(angle => angle * angle) / angles.Count);
    }

    /// <summary>
    /// How much of the variance of Y lies in the first components of X, over the most that k directions can hold (Elsayed et al. 2016),
    /// 0 to 1; in the space of moments, for units differ. Not symmetric.
    /// </summary>
    /// <inheritdoc cref="PrincipalAngles"/>
    public double AlignmentIndex(int components)
    {
        var k = Within(components);
        var held = 0.0;
        for (var i = 0; i < k; i++)
            for (var j = 0; j < _products[i].Length; j++) held += Square(_products[i][j] * _y.SingularValues[j]);
        return held / _y.SingularValues.Take(k).Sum(Square);
    }

    private int Within(int components) => components >= 1 ? Math.Min(components, Math.Min(_x.Rank, _y.Rank))
        : throw InvalidInputException.Of("components to compare", components, "1 or more", "3 is usual");

    private double[] Cosines(int own, int others) => SingularVectors.ValuesOf(Columns((i, j) => _products[i][j], own, others));

    private static double[][] Columns(Func<int, int, double> value, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).Select(j => Enumerable.Range(0, rows).Select(i => value(i, j)).ToArray())];

    /// <summary>‖XᵀY‖².</summary>
    private double Overlap()
    {
        var sum = 0.0;
        for (var i = 0; i < _products.Length; i++)
            for (var j = 0; j < _products[i].Length; j++)
                sum += Square(_x.SingularValues[i] * _products[i][j] * _y.SingularValues[j]);
        return sum;
    }

    /// <summary>‖XᵀX‖².</summary>
    private static double FourthPower(ActivitySpace space) => space.SingularValues.Sum(value => Square(value * value));

    /// <summary>n(n − 3) times Song's estimate, of centred rows.</summary>
    private static double Unbiased(ActivitySpace x, ActivitySpace y, double overlap)
    {
        double n = x.Moments, rows = 0;
        for (var i = 0; i < x.Moments; i++) rows += x.RowSquares[i] * y.RowSquares[i];
        return overlap - n / (n - 2) * rows + x.Power * y.Power / ((n - 1) * (n - 2));
    }

    /// <summary>The fewest components that hold a fraction of the variance, no more than the rank.</summary>
    private static int Holding(ActivitySpace space, double fraction)
    {
        var (sum, count, power) = (0.0, 0, space.Power);
        while (count < space.Rank && sum < fraction * power) sum += Square(space.SingularValues[count++]);
        return count;
    }

    private static double Square(double value) => value * value;
}

using EiRnnFast.Kernels;
using EiRnnFast.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// Where the variances of a matrix's own entries put the edge of its bulk. Independent entries of variances S_ij fill a disc of radius
/// √ρ(S), ρ the Perron root (Aljadeff, Stern and Sharpee 2015, Phys. Rev. Lett. 114, 088101; Cook, Hachem, Najim and Renfrew 2018,
/// Electron. J. Probab. 23, 110): populations, blocks, areas, densities. Here S is that of the squares of the entries themselves about
/// their means, whose Perron root is close to that of the true variances, so nothing need be known of populations. Entries that are
/// correlated with their mirror images, of coefficient τ, fill an ellipse of semi-axis 1 + |τ| (Girko 1985). Orthogonal and projected
/// orthogonal matrices have the edge <see cref="RoundEdge"/>, whatever τ. Nothing here is fitted to eigenvalues.
/// </summary>
/// <param name="Edge">The edge; 0 for a matrix without a cycle of entries that differ from their means.</param>
/// <param name="RelativeError">Standard error of the edge, over the edge, from the spread of the squares, and from that of rows and columns
/// as far as it is beyond chance (of small size: two-way random effects). Large for heavy tails and few entries. Infinite where the edge
/// is 0.</param>
/// <param name="Ellipticity">τ over pairs of entries; it counts in the edge beyond 4/N, four of its standard errors or less.</param>
/// <param name="Kurtosis">Mean fourth power over squared mean square of the entries about their means; 3 for normal ones.</param>
/// <param name="Components">Parts of rank one that were taken out beside the means of rows and columns, such as the means of areas.</param>
public sealed record VarianceLaw(double Edge, double RelativeError, double Ellipticity, double Kurtosis, int Components)
{
    /// <summary>Normal quantile of a two-sided 95 % interval.</summary>
    private const double Reach = 1.959963984540054;

    /// <summary>Rows and columns of a product of two matrices have variances that spread by 2/N beyond chance, of three by 4/N.</summary>
    private const double DrawnExcess = 6;

    private const int MostComponents = 4, Rounds = 20, MostSteps = 1000;

    /// <summary>A part of rank one is a mean if its singular value stands out by this factor, and its vectors spread over a fifth of all
    /// units; a single large entry does not.</summary>
    private const double StandsOut = 1.5, Spread = 0.2;

    /// <summary>The edge without the stretch by τ.</summary>
    public required double RoundEdge { get; init; }

    /// <summary>Lower end of the edge's 95 % confidence interval, on the scale of the logarithm.</summary>
    public double Low => double.IsFinite(RelativeError) ? Edge * Math.Exp(-Reach * RelativeError) : 0;

    /// <summary>Upper end.</summary>
    public double High => double.IsFinite(RelativeError) ? Edge * Math.Exp(Reach * RelativeError) : double.PositiveInfinity;

    /// <summary>The law of a matrix.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows.</param>
    /// <returns>Null below three units and for a matrix of equal entries, whose entries have no variance.</returns>
    public static VarianceLaw? Of(ReadOnlySpan<double> matrix, int n)
    {
        EigenSolver.RequireFiniteSquare(matrix, n);
        var largest = 0.0;
        foreach (var value in matrix) largest = Math.Max(largest, Math.Abs(value));
        if (n < 3 || largest == 0) return null;
        var (x, components) = WithoutMeans(matrix, n, largest);
        double square = 0, fourth = 0;
        foreach (var value in x)
        {
            square += value * value;
            fourth += value * value * value * value;
        }
        if (!(square > 1e-24 * n * n)) return null; // what rounding leaves of equal entries
        var kurtosis = fourth / square * ((double)n * n / square);
        // Each mean that was taken out has taken its share of the squares with it.
        var freedom = Math.Pow((double)n / (n - 1), 2) * n * n / ((double)n * n - 2.0 * components * n + components * components);
        double mirrored = 0, pairs = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < i; j++)
            {
                double above = x[j * n + i], below = x[i * n + j];
                mirrored += 2 * above * below;
                pairs += above * above + below * below;
            }
        var tau = pairs > 0 ? mirrored / pairs : 0;
        // A small excess is that of rows and columns drawn with their units; a large one is a design, such as populations.
        var (rows, columns) = VarianceSpread.Of(x, n);
        var drawn = Math.Min(rows.Excess, DrawnExcess / n) + Math.Min(columns.Excess, DrawnExcess / n);
        for (var k = 0; k < x.Length; k++) x[k] *= x[k] * freedom;
        var (root, spread, units) = PerronRoot(x, n);
        var counts = Math.Abs(tau) > 4.0 / n;
        var edge = Math.Sqrt(root) * (counts ? 1 + Math.Abs(tau) : 1) * largest;
        if (root == 0) return new VarianceLaw(0, double.PositiveInfinity, tau, kurtosis, components) { RoundEdge = 0 };
        // The squares of entries of kurtosis κ have variance (κ − 1)/κ of their mean square.
        var error = double.Hypot(spread * Math.Sqrt(Math.Max(kurtosis - 1, 0.3) / kurtosis), Math.Sqrt(drawn * units)) / 2;
        return new VarianceLaw(edge, double.Hypot(error, counts ? Math.Sqrt(2) / n : 0), tau, kurtosis, components)
        {
            RoundEdge = Math.Sqrt(root) * largest,
        };
    }

    /// <summary>The matrix over its largest entry, without the means of rows and columns and up to four parts of rank one.</summary>
    internal static (double[] Left, int Components) WithoutMeans(ReadOnlySpan<double> matrix, int n, double largest)
    {
        var x = Centred(matrix, n, largest);
        var components = 0;
        while (components < MostComponents && TakeOutMean(x, n)) components++;
        return (x, components);
    }

    /// <summary>w over its largest entry, less the means of its rows and of its columns.</summary>
    private static double[] Centred(ReadOnlySpan<double> matrix, int n, double largest)
    {
        double[] x = new double[n * n], rows = new double[n], columns = new double[n];
        var all = 0.0;
        for (var i = 0; i < n; i++)
        {
            var row = x.AsSpan(i * n, n);
            var sum = 0.0;
            for (var j = 0; j < n; j++) sum += row[j] = matrix[i * n + j] / largest;
            DoubleProducts.Add(1.0 / n, row, columns);
            rows[i] = sum / n;
            all += rows[i] / n;
        }
        for (var i = 0; i < n; i++)
        {
            var row = x.AsSpan(i * n, n);
            for (var j = 0; j < n; j++) row[j] -= rows[i] - all + columns[j];
        }
        return x;
    }

    /// <summary>Subtracts the leading singular component where it is a mean; two vectors are iterated with XᵀX.</summary>
    private static bool TakeOutMean(double[] x, int n)
    {
        var random = new RandomStream(1, "variance law");
        double[] first = new double[n], second = new double[n], left = new double[n], image = new double[n];
        for (var j = 0; j < n; j++) (first[j], second[j]) = (random.NextGaussian(), random.NextGaussian());
        double one = 0, two = 0;
        for (var round = 0; round < Rounds; round++)
        {
            one = Image(first);
            two = Image(second);
            DoubleProducts.Add(-DoubleProducts.Dot(first, second), first, second);
            Normalise(second);
            if (round >= 5 && one < StandsOut * two) return false; // far from standing out, which most matrices settle at once
        }
        if (!(one > StandsOut * StandsOut * two)) return false;
        for (var i = 0; i < n; i++) left[i] = DoubleProducts.Dot(x.AsSpan(i * n, n), first);
        var sigma = Normalise(left);
        if (Math.Min(Participation(left), Participation(first)) < Spread * n) return false;
        for (var i = 0; i < n; i++) DoubleProducts.Add(-sigma * left[i], first, x.AsSpan(i * n, n));
        return true;

        double Image(double[] vector)
        {
            Array.Clear(image);
            for (var i = 0; i < n; i++)
            {
                var row = x.AsSpan(i * n, n);
                DoubleProducts.Add(DoubleProducts.Dot(row, vector), row, image);
            }
            image.CopyTo(vector, 0);
            return Normalise(vector);
        }
    }

    /// <summary>Scales to length 1; returns the length it had.</summary>
    private static double Normalise(double[] vector)
    {
        var length = Math.Sqrt(DoubleProducts.Dot(vector, vector));
        for (var i = 0; i < vector.Length && length > 0; i++) vector[i] /= length;
        return length;
    }

    /// <summary>(Σv²)²/Σv⁴ of a vector of length 1: over how many units it spreads.</summary>
    private static double Participation(double[] vector)
    {
        var fourth = 0.0;
        foreach (var value in vector) fourth += value * value * value * value;
        return 1 / fourth;
    }

    /// <summary>The Perron root ρ of a matrix of squares; the root of the sum of squares of its entries' shares in it, over ρ; and the sum
    /// of squares of its units' shares. Overwrites the matrix.</summary>
    private static (double Root, double Spread, double Units) PerronRoot(double[] s, int n)
    {
        double[] right = new double[n], left = new double[n], nextRight = new double[n], nextLeft = new double[n];
        Array.Fill(right, 1);
        Array.Fill(left, 1);
        var (root, settled) = (0.0, 0);
        for (var step = 0; step < MostSteps && settled < 3; step++)
        {
            Array.Clear(nextLeft);
            for (var i = 0; i < n; i++)
            {
                var row = s.AsSpan(i * n, n);
                nextRight[i] = DoubleProducts.Dot(row, right);
                DoubleProducts.Add(left[i], row, nextLeft);
            }
            var next = Normalise(nextRight);
            Normalise(nextLeft);
            if (next == 0) return (0, 0, 0);
            settled = Math.Abs(next - root) < 1e-10 * next ? settled + 1 : 0;
            root = next;
            (right, nextRight) = (nextRight, right);
            (left, nextLeft) = (nextLeft, left);
        }
        double overlap = DoubleProducts.Dot(left, right), shares = 0, units = 0;
        for (var i = 0; i < n; i++) units += left[i] * right[i] * (left[i] * right[i]);
        for (var j = 0; j < n; j++) right[j] *= right[j];
        for (var k = 0; k < s.Length; k++) s[k] *= s[k];
        for (var i = 0; i < n; i++) shares += left[i] * left[i] * DoubleProducts.Dot(s.AsSpan(i * n, n), right);
        return (root, Math.Sqrt(shares) / (overlap * root), units / (overlap * overlap));
    }
}

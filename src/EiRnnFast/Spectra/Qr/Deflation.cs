using System.Runtime.CompilerServices;
namespace EiRnnFast.Spectra.Qr;

/// <summary>Where a Hessenberg matrix falls into parts.</summary>
internal static unsafe class Deflation
{
    /// <summary>Distance from 1 to the next double.</summary>
    public const double Ulp = 1.0 / (1L << 52);

    /// <summary>What is no more than this is 0 beside entries near 1.</summary>
    public const double Least = 1e-290;

    /// <summary>
    /// The first unit of the last unreduced block that ends at <paramref name="last"/>, from first on; the subdiagonal before it becomes 0.
    /// A subdiagonal is negligible by the test of Ahues and Tisseur (1997). low … high bound what may be read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ActiveFrom(double* h, nint row, int first, int last, int low, int high)
    {
        for (var k = last; k > first; k--)
        {
            var at = h + k * row + k;
            if (!IsNegligible(at, row, k - 2 >= low, k + 1 <= high)) continue;
            at[-1] = 0;
            return k;
        }
        return first;
    }

    /// <summary>Whether the subdiagonal entry to the left of this diagonal one is.</summary>
    private static bool IsNegligible(double* at, nint row, bool hasBefore, bool hasAfter)
    {
        double below = Math.Abs(at[-1]), diagonal = at[0], before = (at - row)[-1];
        if (below <= Least) return true;
        var size = Math.Abs(before) + Math.Abs(diagonal);
        if (size == 0)
        {
            if (hasBefore) size += Math.Abs((at - row)[-2]);
            if (hasAfter) size += Math.Abs(at[row]);
        }
        if (below > Ulp * size) return false;
        var above = Math.Abs((at - row)[0]);
        double ab = Math.Max(below, above), ba = Math.Min(below, above), difference = Math.Abs(before - diagonal);
        double aa = Math.Max(Math.Abs(diagonal), difference), bb = Math.Min(Math.Abs(diagonal), difference), sum = aa + ab;
        return ba * (ab / sum) <= Math.Max(Least, Ulp * (bb * (aa / sum)));
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// Dense products in double precision for analyses; lanes of the portable width, sums of a row in lanes and then across them.
/// </summary>
internal static class DoubleProducts
{
    /// <summary>Σ x_i·y_i; y at least as long as x.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y[..x.Length]);
        Vector<double> s0 = default, s1 = default;
        nuint i = 0, lanes = (nuint)Vector<double>.Count, length = (nuint)x.Length;
        for (; i + 2 * lanes <= length; i += 2 * lanes)
        {
            s0 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref a, i), Vector.LoadUnsafe(ref b, i), s0);
            s1 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref a, i + lanes), Vector.LoadUnsafe(ref b, i + lanes), s1);
        }
        var sum = Vector.Sum(s0 + s1);
        for (; i < length; i++) sum += x[(int)i] * y[(int)i];
        return sum;
    }

    /// <summary>y += factor·x; y at least as long as x.</summary>
    public static void Add(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        ref double a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y[..x.Length]);
        var factors = new Vector<double>(factor);
        nuint i = 0, lanes = (nuint)Vector<double>.Count, length = (nuint)x.Length;
        for (; i + lanes <= length; i += lanes)
            Vector.FusedMultiplyAdd(factors, Vector.LoadUnsafe(ref a, i), Vector.LoadUnsafe(ref b, i)).StoreUnsafe(ref b, i);
        for (; i < length; i++) y[(int)i] = Math.FusedMultiplyAdd(factor, x[(int)i], y[(int)i]);
    }

    /// <summary>(x, y) = (c·x − s·y, s·x + c·y); y at least as long as x.</summary>
    public static void Turn(Span<double> x, Span<double> y, double c, double s)
    {
        ref double a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y[..x.Length]);
        nuint i = 0, lanes = (nuint)Vector<double>.Count, length = (nuint)x.Length;
        for (; i + lanes <= length; i += lanes)
        {
            Vector<double> u = Vector.LoadUnsafe(ref a, i), v = Vector.LoadUnsafe(ref b, i);
            (c * u - s * v).StoreUnsafe(ref a, i);
            (s * u + c * v).StoreUnsafe(ref b, i);
        }
        for (; i < length; i++) (x[(int)i], y[(int)i]) = (c * x[(int)i] - s * y[(int)i], s * x[(int)i] + c * y[(int)i]);
    }

    /// <summary>gram = a·aᵀ, its lower half (=; what stands above the diagonal is overwritten with anything).</summary>
    /// <param name="a">[n×n].</param>
    /// <param name="n">Rows.</param>
    /// <param name="gram">[n×n].</param>
    public static void LowerGram(ReadOnlySpan<double> a, int n, Span<double> gram)
    {
        // Two rows by four: six loads feed eight multiply-adds. Beyond the last row the last is computed again.
        for (var i = 0; i < n; i += 2)
        {
            var (i0, i1) = (i, Math.Min(i + 1, n - 1));
            for (var k = 0; k <= i1; k += 4)
            {
                var (k0, k1, k2, k3) = (k, Math.Min(k + 1, n - 1), Math.Min(k + 2, n - 1), Math.Min(k + 3, n - 1));
                ref double x0 = ref MemoryMarshal.GetReference(a.Slice(i0 * n, n)), x1 = ref MemoryMarshal.GetReference(a.Slice(i1 * n, n));
                ref double y0 = ref MemoryMarshal.GetReference(a.Slice(k0 * n, n)), y1 = ref MemoryMarshal.GetReference(a.Slice(k1 * n, n));
                ref double y2 = ref MemoryMarshal.GetReference(a.Slice(k2 * n, n)), y3 = ref MemoryMarshal.GetReference(a.Slice(k3 * n, n));
                Vector<double> s00 = default, s01 = default, s02 = default, s03 = default;
                Vector<double> s10 = default, s11 = default, s12 = default, s13 = default;
                nuint j = 0, lanes = (nuint)Vector<double>.Count, length = (nuint)n;
                for (; j + lanes <= length; j += lanes)
                {
                    Vector<double> u = Vector.LoadUnsafe(ref x0, j), v = Vector.LoadUnsafe(ref x1, j), w = Vector.LoadUnsafe(ref y0, j);
                    s00 = Vector.FusedMultiplyAdd(u, w, s00);
                    s10 = Vector.FusedMultiplyAdd(v, w, s10);
                    w = Vector.LoadUnsafe(ref y1, j);
                    s01 = Vector.FusedMultiplyAdd(u, w, s01);
                    s11 = Vector.FusedMultiplyAdd(v, w, s11);
                    w = Vector.LoadUnsafe(ref y2, j);
                    s02 = Vector.FusedMultiplyAdd(u, w, s02);
                    s12 = Vector.FusedMultiplyAdd(v, w, s12);
                    w = Vector.LoadUnsafe(ref y3, j);
                    s03 = Vector.FusedMultiplyAdd(u, w, s03);
                    s13 = Vector.FusedMultiplyAdd(v, w, s13);
                }
                Store(a, gram, i0, k0, s00);
                Store(a, gram, i0, k1, s01);
                Store(a, gram, i0, k2, s02);
                Store(a, gram, i0, k3, s03);
                Store(a, gram, i1, k0, s10);
                Store(a, gram, i1, k1, s11);
                Store(a, gram, i1, k2, s12);
                Store(a, gram, i1, k3, s13);

                void Store(ReadOnlySpan<double> a, Span<double> gram, int row, int column, Vector<double> lanesOfSum)
                {
                    var sum = Vector.Sum(lanesOfSum);
                    for (var rest = (int)j; rest < n; rest++) sum += a[row * n + rest] * a[column * n + rest];
                    gram[row * n + column] = sum;
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>
/// Matrix times vector in double precision, and sums of rows. Sums along a row are taken in four lanes on every machine, so that they
/// have the same bits on all.
/// </summary>
internal static unsafe class RowProducts
{
    /// <summary>Σ x_i·y_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(double* x, double* y, int count)
    {
        Vector256<double> s0 = default, s1 = default;
        var i = 0;
        for (; i + 8 <= count; i += 8)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 4), Vector256.Load(y + i + 4), s1);
        }
        var sum = Sum(s0 + s1);
        for (; i < count; i++) sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>y_i (=) Σ_j a_ij·x_j of row after row, [rows×columns]; columns a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(double* a, nint aRow, int rows, double* x, int columns, double* y)
    {
        var row = 0;
        for (; row + 4 <= rows; row += 4, a += 4 * aRow)
        {
            double* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
            Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (nint j = 0; j < columns; j += 4)
            {
                var v = Vector256.Load(x + j);
                s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), v, s0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Load(a1 + j), v, s1);
                s2 = Vector256.FusedMultiplyAdd(Vector256.Load(a2 + j), v, s2);
                s3 = Vector256.FusedMultiplyAdd(Vector256.Load(a3 + j), v, s3);
            }
            (y[row], y[row + 1], y[row + 2], y[row + 3]) = (Sum(s0), Sum(s1), Sum(s2), Sum(s3));
        }
        for (; row < rows; row++, a += aRow)
        {
            Vector256<double> s0 = default;
            for (nint j = 0; j < columns; j += 4) s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), Vector256.Load(x + j), s0);
            y[row] = Sum(s0);
        }
    }

    /// <summary>y (−=) Σ_i w_i·a_i of the rows of a, [rows×columns]; columns a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractRows(double* a, nint aRow, int rows, double* w, int columns, double* y)
    {
        nint j = 0;
        for (; j + 8 <= columns; j += 8)
        {
            Vector256<double> s0 = Vector256.Load(y + j), s1 = Vector256.Load(y + j + 4);
            var place = a + j;
            for (nint i = 0; i < rows; i++, place += aRow)
            {
                var factor = Vector256.Create(-w[i]);
                s0 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(place), s0);
                s1 = Vector256.FusedMultiplyAdd(factor, Vector256.Load(place + 4), s1);
            }
            s0.Store(y + j);
            s1.Store(y + j + 4);
        }
        for (; j < columns; j += 4)
        {
            var s0 = Vector256.Load(y + j);
            var place = a + j;
            for (nint i = 0; i < rows; i++, place += aRow)
                s0 = Vector256.FusedMultiplyAdd(Vector256.Create(-w[i]), Vector256.Load(place), s0);
            s0.Store(y + j);
        }
    }

    /// <summary>y (+=) factor·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double factor, double* x, double* y, int count)
    {
        var f = Vector256.Create(factor);
        var i = 0;
        for (; i + 4 <= count; i += 4) Vector256.FusedMultiplyAdd(f, Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
        for (; i < count; i++) y[i] = Math.FusedMultiplyAdd(factor, x[i], y[i]);
    }

    /// <summary>Rotates two rows: (x, y) ← (c·x + s·y, c·y − s·x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(double* x, double* y, int count, double c, double s)
    {
        Vector256<double> cosine = Vector256.Create(c), sine = Vector256.Create(s);
        var i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector256<double> u = Vector256.Load(x + i), v = Vector256.Load(y + i);
            Vector256.FusedMultiplyAdd(cosine, u, sine * v).Store(x + i);
            Vector256.FusedMultiplyAdd(cosine, v, -(sine * u)).Store(y + i);
        }
        for (; i < count; i++) (x[i], y[i]) = (Math.FusedMultiplyAdd(c, x[i], s * y[i]), Math.FusedMultiplyAdd(c, y[i], -(s * x[i])));
    }

    /// <summary>The lanes in one order on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector256<double> value)
    {
        var half = value.GetLower() + value.GetUpper();
        return half[0] + half[1];
    }
}

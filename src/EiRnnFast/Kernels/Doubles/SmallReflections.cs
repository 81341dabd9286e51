using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>One reflector on three (two) neighbouring rows or columns: x_i −= t_i·(x₀ + v₁·x₁ + v₂·x₂).</summary>
internal static unsafe class SmallReflections
{
    /// <summary>Rows x, x + row and x + 2·row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(double* x, nint row, int count, double v1, double v2, double t0, double t1, double t2)
    {
        double* y = x + row, z = y + row;
        Vector256<double> w1 = Vector256.Create(v1), w2 = Vector256.Create(v2);
        Vector256<double> s0 = Vector256.Create(-t0), s1 = Vector256.Create(-t1), s2 = Vector256.Create(-t2);
        nint j = 0;
        for (; j + 4 <= count; j += 4)
        {
            Vector256<double> a = Vector256.Load(x + j), b = Vector256.Load(y + j), c = Vector256.Load(z + j);
            var sum = Vector256.FusedMultiplyAdd(w1, b, Vector256.FusedMultiplyAdd(w2, c, a));
            Vector256.FusedMultiplyAdd(s0, sum, a).Store(x + j);
            Vector256.FusedMultiplyAdd(s1, sum, b).Store(y + j);
            Vector256.FusedMultiplyAdd(s2, sum, c).Store(z + j);
        }
        for (; j < count; j++)
        {
            var sum = Math.FusedMultiplyAdd(v1, y[j], Math.FusedMultiplyAdd(v2, z[j], x[j]));
            x[j] = Math.FusedMultiplyAdd(-t0, sum, x[j]);
            y[j] = Math.FusedMultiplyAdd(-t1, sum, y[j]);
            z[j] = Math.FusedMultiplyAdd(-t2, sum, z[j]);
        }
    }

    /// <summary>Columns x, x + 1 and x + 2 of <paramref name="count"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns(double* x, nint row, int count, double v1, double v2, double t0, double t1, double t2)
    {
        if (Avx.IsSupported && count >= 4) x = FourColumns(x, row, ref count, v1, v2, t0, t1, t2);
        (t0, t1, t2) = (-t0, -t1, -t2);
        for (; count > 0; count--, x += row)
        {
            double a = x[0], b = x[1], c = x[2], sum = Math.FusedMultiplyAdd(v1, b, Math.FusedMultiplyAdd(v2, c, a));
            x[0] = Math.FusedMultiplyAdd(t0, sum, a);
            x[1] = Math.FusedMultiplyAdd(t1, sum, b);
            x[2] = Math.FusedMultiplyAdd(t2, sum, c);
        }
    }

    /// <summary>Four rows at a time, turned over in registers; a fourth column comes and goes unchanged. Returns the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double* FourColumns(double* x, nint row, ref int count, double v1, double v2, double t0, double t1, double t2)
    {
        Vector256<double> w1 = Vector256.Create(v1), w2 = Vector256.Create(v2);
        Vector256<double> s0 = Vector256.Create(-t0), s1 = Vector256.Create(-t1), s2 = Vector256.Create(-t2);
        for (; count >= 4; count -= 4, x += 4 * row)
        {
            var block = new FourByFour(x, row);
            var sum = Vector256.FusedMultiplyAdd(w1, block.B, Vector256.FusedMultiplyAdd(w2, block.C, block.A));
            new FourByFour(Vector256.FusedMultiplyAdd(s0, sum, block.A), Vector256.FusedMultiplyAdd(s1, sum, block.B),
                Vector256.FusedMultiplyAdd(s2, sum, block.C), block.D).Store(x, row);
        }
        return x;
    }

    /// <summary>Rows x and x + row.</summary>
    public static void TwoRows(double* x, nint row, int count, double v1, double t0, double t1)
    {
        var y = x + row;
        for (nint j = 0; j < count; j++)
        {
            var sum = Math.FusedMultiplyAdd(v1, y[j], x[j]);
            x[j] = Math.FusedMultiplyAdd(-t0, sum, x[j]);
            y[j] = Math.FusedMultiplyAdd(-t1, sum, y[j]);
        }
    }

    /// <summary>Columns x and x + 1.</summary>
    public static void TwoColumns(double* x, nint row, int count, double v1, double t0, double t1)
    {
        for (; count > 0; count--, x += row)
        {
            var sum = Math.FusedMultiplyAdd(v1, x[1], x[0]);
            x[0] = Math.FusedMultiplyAdd(-t0, sum, x[0]);
            x[1] = Math.FusedMultiplyAdd(-t1, sum, x[1]);
        }
    }
}

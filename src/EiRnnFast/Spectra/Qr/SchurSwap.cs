using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// Exchanges neighbouring diagonal blocks, 1×1 or 2×2, of a real Schur form by orthogonal similarity (Bai and Demmel 1993; LAPACK's
/// dtrexc and dlaexc).
/// </summary>
/// <param name="t">Quasi-triangular, [size×size], blocks in standard form.</param>
/// <param name="row">Doubles from row to row.</param>
/// <param name="size">Units.</param>
/// <param name="basis">The transposed basis, turned too.</param>
internal readonly unsafe ref struct SchurSwap(double* t, nint row, int size, SchurBasis basis)
{
    private const double Ulp = Deflation.Ulp;

    /// <summary>Moves the block that begins at <paramref name="from"/> up until it begins at <paramref name="to"/>.</summary>
    /// <returns>False where two blocks were too near to each other; then it stays where it is.</returns>
    public bool MoveUp(ref int from, int to)
    {
        while (from > to)
        {
            var own = SizeAt(from);
            var before = from >= 2 && At(from - 1, from - 2) != 0 ? 2 : 1;
            if (!Swap(from - before, before, own)) return false;
            from -= before;
            // a pair may have become two real eigenvalues: the lower one follows
            if (own == 2 && SizeAt(from) == 1)
            {
                var second = from + 1;
                while (from > to)
                {
                    before = from >= 2 && At(from - 1, from - 2) != 0 ? 2 : 1;
                    if (!Swap(from - before, before, 1)) return false;
                    from -= before;
                    if (!Swap(second - before, before, 1)) return false;
                    second -= before;
                }
            }
        }
        return true;
    }

    /// <summary>1 or 2.</summary>
    public int SizeAt(int i) => i + 1 < size && At(i + 1, i) != 0 ? 2 : 1;

    private double At(int i, int j) => t[i * row + j];

    private ref double Entry(int i, int j) => ref t[i * row + j];

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    private bool Swap(int j, int first, int second)
    {
        if (first == 1 && second == 1)
        {
            double upper = At(j, j), lower = At(j + 1, j + 1);
            var (c, s) = Rotation(At(j, j + 1), lower - upper);
            Rotate(j, c, s);
            (Entry(j, j), Entry(j + 1, j + 1), Entry(j + 1, j)) = (lower, upper, 0);
            return true;
        }
        // X of T₁₁·X − X·T₂₂ = γ·T₁₂ says how the blocks lie to each other
        var x = stackalloc double[4];
        var gamma = Sylvester(j, first, second, x);
        var copy = stackalloc double[4 * 4];
        var all = first + second;
        var largest = 0.0;
        for (var i = 0; i < all; i++)
            for (var k = 0; k < all; k++) largest = Math.Max(largest, Math.Abs(copy[i * 4 + k] = At(j + i, j + k)));
        var threshold = Math.Max(10 * Ulp * largest, Deflation.Least);
        if (first == 1)
        {
            var u = TowardsLast(gamma, x[0], x[1]);
            Both(copy, 4, 0, 3, 3, u);
            if (Larger(copy[8], copy[9], copy[10] - At(j, j)) > threshold) return false;
            var moved = At(j, j);
            Apply(j, u);
            (Entry(j + 2, j), Entry(j + 2, j + 1), Entry(j + 2, j + 2)) = (0, 0, moved);
        }
        else if (second == 1)
        {
            var u = SmallReflector.Of(-x[0], -x[1], gamma, out _);
            Both(copy, 4, 0, 3, 3, u);
            if (Larger(copy[4], copy[8], copy[0] - At(j + 2, j + 2)) > threshold) return false;
            var moved = At(j + 2, j + 2);
            Apply(j, u);
            (Entry(j, j), Entry(j + 1, j), Entry(j + 2, j)) = (moved, 0, 0);
        }
        else
        {
            var u1 = SmallReflector.Of(-x[0], -x[2], gamma, out _);
            var factor = -u1.T0 * (x[1] + u1.V1 * x[3]);
            var u2 = SmallReflector.Of(-factor * u1.V1 - x[3], -factor * u1.V2, gamma, out _);
            Both(copy, 4, 0, 4, 4, u1);
            Both(copy, 4, 1, 4, 4, u2);
            if (Math.Max(Larger(copy[8], copy[9], copy[12]), Math.Abs(copy[13])) > threshold) return false;
            Apply(j, u1);
            Apply(j + 1, u2);
            (Entry(j + 2, j), Entry(j + 2, j + 1), Entry(j + 3, j), Entry(j + 3, j + 1)) = (0, 0, 0, 0);
        }
        if (second == 2) Standardise(j);
        if (first == 2) Standardise(j + second);
        return true;
    }

    /// <summary>The reflector whose product with (x₀, x₁, x₂) is (0, 0, ∗).</summary>
    private static LastReflector TowardsLast(double x0, double x1, double x2) => new(SmallReflector.Of(x2, x1, x0, out _));

    private static double Larger(double a, double b, double c) => Math.Max(Math.Abs(a), Math.Max(Math.Abs(b), Math.Abs(c)));

    private static void Both(double* m, nint row, int at, int rows, int columns, SmallReflector u)
    {
        u.Rows(m + at * row, row, columns);
        u.Columns(m + at, row, rows);
    }

    private static void Both(double* m, nint row, int at, int rows, int columns, LastReflector u)
    {
        u.Rows(m + at * row, row, columns);
        u.Columns(m + at, row, rows);
    }

    private void Apply(int j, SmallReflector u)
    {
        var from = Math.Max(0, j - 1); // the second reflector of two pairs meets a column before its own
        u.Rows(t + j * row + from, row, size - from);
        u.Columns(t + j, row, Math.Min(j + 4, size));
        u.Rows(basis.At(j), basis.Row, basis.Length);
    }

    private void Apply(int j, LastReflector u)
    {
        u.Rows(t + j * row + j, row, size - j);
        u.Columns(t + j, row, Math.Min(j + 4, size));
        u.Rows(basis.At(j), basis.Row, basis.Length);
    }

    private void Rotate(int j, double c, double s)
    {
        RowProducts.Rotate(t + j * row + j, t + (j + 1) * row + j, size - j, c, s);
        for (var k = 0; k < j + 2; k++)
        {
            ref double left = ref Entry(k, j), right = ref Entry(k, j + 1);
            (left, right) = (c * left + s * right, c * right - s * left);
        }
        RowProducts.Rotate(basis.At(j), basis.At(j + 1), basis.Length, c, s);
    }

    private void Standardise(int j)
    {
        var block = StandardBlock.Of(At(j, j), At(j, j + 1), At(j + 1, j), At(j + 1, j + 1));
        Rotate(j, block.Cosine, block.Sine);
        (Entry(j, j), Entry(j, j + 1), Entry(j + 1, j), Entry(j + 1, j + 1)) = (block.A, block.B, block.C, block.D);
    }

    /// <summary>(c, s) that turn (f, g) into (∗, 0).</summary>
    private static (double Cosine, double Sine) Rotation(double f, double g)
    {
        if (g == 0) return (1, 0);
        double larger = Math.Max(Math.Abs(f), Math.Abs(g)), a = f / larger, b = g / larger, length = Math.Sqrt(a * a + b * b);
        return (a / length, b / length);
    }

    /// <summary>
    /// Solves T₁₁·X − X·T₂₂ = γ·T₁₂ by Gaussian elimination with full pivoting; pivots that vanish are replaced by rounding.
    /// X, [first×second] by rows, and γ have a size of about 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    private double Sylvester(int j, int first, int second, double* x)
    {
        var count = first * second;
        var m = stackalloc double[4 * 5];
        var largest = 0.0;
        for (var i = 0; i < first; i++)
            for (var k = 0; k < second; k++)
            {
                var equation = m + (i * second + k) * 5;
                for (var other = 0; other < count; other++) equation[other] = 0;
                for (var l = 0; l < first; l++) equation[l * second + k] += At(j + i, j + l);
                for (var l = 0; l < second; l++) equation[i * second + l] -= At(j + first + l, j + first + k);
                equation[4] = At(j + i, j + first + k);
                for (var other = 0; other < count; other++) largest = Math.Max(largest, Math.Abs(equation[other]));
            }
        var smallest = Math.Max(Ulp * largest, Deflation.Least);
        var place = stackalloc int[4];
        for (var i = 0; i < count; i++) place[i] = i;
        for (var step = 0; step < count; step++)
        {
            int pivotRow = step, pivotColumn = step;
            for (var i = step; i < count; i++)
                for (var k = step; k < count; k++)
                    if (Math.Abs(m[i * 5 + k]) > Math.Abs(m[pivotRow * 5 + pivotColumn])) (pivotRow, pivotColumn) = (i, k);
            for (var k = 0; k < 5; k++) (m[step * 5 + k], m[pivotRow * 5 + k]) = (m[pivotRow * 5 + k], m[step * 5 + k]);
            for (var i = 0; i < count; i++) (m[i * 5 + step], m[i * 5 + pivotColumn]) = (m[i * 5 + pivotColumn], m[i * 5 + step]);
            (place[step], place[pivotColumn]) = (place[pivotColumn], place[step]);
            if (Math.Abs(m[step * 5 + step]) < smallest) m[step * 5 + step] = smallest;
            for (var i = step + 1; i < count; i++)
            {
                var factor = m[i * 5 + step] / m[step * 5 + step];
                for (var k = step; k < 5; k++) m[i * 5 + k] -= factor * m[step * 5 + k];
            }
        }
        var most = 1.0;
        for (var i = count - 1; i >= 0; i--)
        {
            var sum = m[i * 5 + 4];
            for (var k = i + 1; k < count; k++) sum -= m[i * 5 + k] * x[place[k]];
            x[place[i]] = sum / m[i * 5 + i];
            most = Math.Max(most, Math.Abs(x[place[i]]));
        }
        for (var i = 0; i < count; i++) x[i] /= most;
        return 1 / most;
    }

    /// <summary>A reflector written from the last of three rows or columns.</summary>
    private readonly record struct LastReflector(SmallReflector Reversed)
    {
        public void Rows(double* x, nint row, int count) => Reversed.Rows(x + 2 * row, -row, count);

        public void Columns(double* x, nint row, int count)
        {
            var u = Reversed;
            for (; count > 0; count--, x += row)
            {
                var sum = x[2] + u.V1 * x[1] + u.V2 * x[0];
                (x[2], x[1], x[0]) = (x[2] - u.T0 * sum, x[1] - u.T1 * sum, x[0] - u.T2 * sum);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// Aggressive early deflation (Braman, Byers and Mathias 2002; LAPACK's dlaqr3): the Schur form of a window at the end of the active block
/// shows which of its eigenvalues the rest of the matrix can no longer move. The others are good shifts.
/// </summary>
internal static unsafe class DeflationWindow
{
    /// <summary>Rows or columns outside the window that are turned together.</summary>
    private const int Slab = HessenbergReduction.Slab;

    /// <summary>
    /// Deflates in the last <paramref name="size"/> units of the active block first … last.
    /// </summary>
    /// <returns>
    /// Eigenvalues that are found, now last in the block and in re and im; and how many others, from the start of the workspace's shifts.
    /// </returns>
    public static (int Found, int Shifts) Run(EigenWorkspace work, nint row, int n, int first, int last, int size, bool schur,
        DoubleKernels kernels)
    {
        var start = last - size + 1;
        double* h = work.H, t = work.Window, basis = work.Basis;
        const int wide = EigenWorkspace.WindowRow;
        var corner = h + start * row + start;
        for (var i = 0; i < size; i++)
        {
            new Span<double>(t + i * wide, wide).Clear();
            new Span<double>(basis + i * wide, wide).Clear();
            var from = Math.Max(0, i - 1);
            new Span<double>(corner + i * row + from, size - from).CopyTo(new Span<double>(t + i * wide + from, size - from));
            basis[i * wide + i] = 1;
        }
        double* re = work.ShiftRe, im = work.ShiftIm;
        var turned = new SchurBasis((nint)basis, wide, size);
        if (!DoubleShiftQr.Run(t, wide, 0, size - 1, re, im, turned)) return (0, 0);
        var spike = start == first ? 0 : corner[-1];
        var rest = spike == 0 ? 0 : Sort(t, wide, size, basis, spike, turned);
        Eigenvalues(t, wide, size, re, im);
        for (var i = rest; i < size; i++) (work.Re[start + i], work.Im[start + i]) = (re[i], im[i]);
        if (rest == size && spike != 0) return (0, size); // nothing was found: the block stays as it is
        if (spike != 0)
        {
            if (rest > 0) spike = Restore(t, wide, size, rest, basis, spike, work.Small);
            corner[-1] = rest > 0 ? spike : 0;
        }
        for (var i = 0; i < size; i++)
        {
            var from = Math.Max(0, i - 1);
            new Span<double>(t + i * wide + from, size - from).CopyTo(new Span<double>(corner + i * row + from, size - from));
        }
        TurnAbove(work, row, schur ? 0 : first, start, size, kernels);
        if (schur && last + 1 < n) TurnBeside(work, row, start, size, n, kernels);
        return (size - rest, rest);
    }

    /// <summary>
    /// Tests eigenvalues from the end: one whose part of the spike is negligible stays there, any other moves up. Returns how many moved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sort(double* t, nint row, int size, double* basis, double spike, SchurBasis turned)
    {
        var swap = new SchurSwap(t, row, size, turned);
        int rest = size, kept = 0;
        while (kept < rest)
        {
            var i = rest - 1;
            var isPair = i > 0 && t[i * row + i - 1] != 0;
            var tip = Math.Abs(spike * basis[i * turned.Row]);
            var size1 = Math.Abs(t[i * row + i]);
            if (isPair)
            {
                tip = Math.Max(tip, Math.Abs(spike * basis[(i - 1) * turned.Row]));
                size1 += Math.Sqrt(Math.Abs(t[i * row + i - 1])) * Math.Sqrt(Math.Abs(t[(i - 1) * row + i]));
                i--;
            }
            if (size1 == 0) size1 = Math.Abs(spike);
            if (tip <= Math.Max(Deflation.Least, Deflation.Ulp * size1))
            {
                rest = i;
                continue;
            }
            var block = isPair ? 2 : 1;
            if (!swap.MoveUp(ref i, kept)) kept = Math.Max(kept, i); // too near to be told apart: all above stay too
            kept += block;
        }
        return Math.Min(rest, size);
    }

    private static void Eigenvalues(double* t, nint row, int size, double* re, double* im)
    {
        for (var i = 0; i < size; i++)
        {
            (re[i], im[i]) = (t[i * row + i], 0);
            if (i + 1 >= size || t[(i + 1) * row + i] == 0) continue;
            im[i] = Math.Sqrt(Math.Abs(t[i * row + i + 1])) * Math.Sqrt(Math.Abs(t[(i + 1) * row + i]));
            (re[i + 1], im[i + 1]) = (re[i], -im[i]);
            i++;
        }
    }

    /// <summary>Brings the first <paramref name="rest"/> units and the spike to Hessenberg form again; returns the subdiagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Restore(double* t, nint row, int size, int rest, double* basis, double spike, double* v)
    {
        for (var i = 0; i < rest; i++) v[i] = basis[i * row];
        var (beta, tau) = Reflector.Of(v, rest);
        v[0] = 1;
        Reflect(t, row, size, 0, rest, basis, v, tau);
        for (var k = 0; k + 2 < rest; k++)
        {
            var count = rest - k - 1;
            for (var i = 0; i < count; i++) v[i] = t[(k + 1 + i) * row + k];
            var (below, weight) = Reflector.Of(v, count);
            v[0] = 1;
            Reflect(t, row, size, k + 1, count, basis, v, weight);
            t[(k + 1) * row + k] = below;
            for (var i = k + 2; i < rest; i++) t[i * row + k] = 0;
        }
        return spike * beta;
    }

    /// <summary>I − τ·v·vᵀ on units first … first+count−1, from both sides and on the basis.</summary>
    private static void Reflect(double* t, nint row, int size, int first, int count, double* basis, double* v, double tau)
    {
        if (tau == 0) return;
        Left(t + first * row, row, count, size, v, tau, v + row);
        for (var i = 0; i < first + count; i++)
        {
            var line = t + i * row + first;
            RowProducts.Add(-tau * RowProducts.Dot(line, v, count), v, line, count);
        }
        Left(basis + first * row, row, count, size, v, tau, v + row);
    }

    private static void Left(double* a, nint row, int count, int columns, double* v, double tau, double* sums)
    {
        new Span<double>(sums, columns).Clear();
        for (var i = 0; i < count; i++) RowProducts.Add(v[i], a + i * row, sums, columns);
        for (var i = 0; i < count; i++) RowProducts.Add(-tau * v[i], sums, a + i * row, columns);
    }

    /// <summary>The columns of the window in the rows above it, times the basis.</summary>
    private static void TurnAbove(EigenWorkspace work, nint row, int from, int start, int size, DoubleKernels kernels)
    {
        if (start <= from) return;
        const int wide = EigenWorkspace.WindowRow;
        // the basis by columns
        double* basis = work.Basis, across = work.Window, product = work.Slab;
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++) across[i * wide + j] = basis[j * wide + i];
        for (int i = from, rows; i < start; i += rows)
        {
            rows = Math.Min(Slab, start - i);
            var place = work.H + i * row + start;
            kernels.Multiply(place, row, 1, across, wide, product, wide, rows, size, size, ProductSum.Set);
            for (var k = 0; k < rows; k++)
                new Span<double>(product + k * wide, size).CopyTo(new Span<double>(place + k * row, size));
        }
    }

    /// <summary>The rows of the window in the columns after it, times the transposed basis from the left.</summary>
    private static void TurnBeside(EigenWorkspace work, nint row, int start, int size, int n, DoubleKernels kernels)
    {
        const int wide = EigenWorkspace.WindowRow;
        var product = work.Slab;
        for (var column = start + size; column < n; column += Slab)
        {
            var columns = Math.Min(Slab, n - column);
            kernels.Multiply(work.Basis, wide, 1, work.H + start * row + column, row, product, Slab, size, size, columns, ProductSum.Set);
            for (var i = 0; i < size; i++)
                new Span<double>(product + i * Slab, columns).CopyTo(new Span<double>(work.H + (start + i) * row + column, columns));
        }
    }
}

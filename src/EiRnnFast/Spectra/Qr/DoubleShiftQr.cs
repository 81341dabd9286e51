using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>The transposed basis of a Schur form, whose rows are turned with the matrix; none for eigenvalues alone.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Row">Doubles from row to row.</param>
/// <param name="Length">Doubles of a row.</param>
internal readonly unsafe record struct SchurBasis(nint Rows, nint Row, int Length)
{
    /// <summary>One row; null without a basis.</summary>
    public double* At(int index) => (double*)Rows + index * Row;
}

/// <summary>
/// The double-shift QR iteration of Francis (1961) on a small Hessenberg block (LAPACK's dlahqr), for eigenvalues alone or for the real
/// Schur form with its basis.
/// </summary>
internal static unsafe class DoubleShiftQr
{
    /// <summary>Steps without a deflation after which an exceptional shift is taken.</summary>
    public const int PatientSteps = 10;

    /// <summary>Exceptional shifts, of EISPACK's hqr.</summary>
    public const double Exceptional1 = 0.75, Exceptional2 = -0.4375;

    private const int StepsPerUnit = 30; // and 300 at least, as LAPACK

    /// <summary>
    /// Eigenvalues low … high of h into re and im. With a basis, rows and columns low … high of h become quasi-triangular, and the matrix
    /// must have no others. False when the iteration did not end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Run(double* h, nint row, int low, int high, double* re, double* im, SchurBasis? basis = null)
    {
        var most = StepsPerUnit * Math.Max(10, high - low + 1);
        for (int last = high, first; last >= low; last = first - 1)
        {
            first = low;
            for (int steps = 0, stalled = 0; ; steps++)
            {
                first = Deflation.ActiveFrom(h, row, first, last, low, high);
                if (first >= last - 1) break;
                if (steps > most) return false;
                stalled++;
                var shifts = stalled % (2 * PatientSteps) == 0 ? Exceptional(h, row, last, last - 1)
                    : stalled % PatientSteps == 0 ? Exceptional(h, row, first, first + 1) : OfCorner(h, row, last);
                var (leftmost, rightmost) = basis is null ? (first, last) : (low, high);
                Sweep(h, row, first, last, leftmost, rightmost, shifts, basis);
            }
            if (first == last) (re[last], im[last]) = (h[last * row + last], 0);
            else Split(h, row, first, low, high, re, im, basis);
        }
        return true;
    }

    /// <summary>Both eigenvalues of the block at <paramref name="i"/>, which takes its standard form.</summary>
    public static void Split(double* h, nint row, int i, int low, int high, double* re, double* im, SchurBasis? basis)
    {
        double* upper = h + i * row + i, lower = upper + row;
        var block = StandardBlock.Of(upper[0], upper[1], lower[0], lower[1]);
        (upper[0], upper[1], lower[0], lower[1]) = (block.A, block.B, block.C, block.D);
        (re[i], re[i + 1], im[i], im[i + 1]) = (block.A, block.D, block.Imaginary, -block.Imaginary);
        if (basis is not { } turned) return;
        RowProducts.Rotate(upper + 2, lower + 2, high - i - 1, block.Cosine, block.Sine);
        for (var k = low; k < i; k++)
        {
            var pair = h + k * row + i;
            (pair[0], pair[1]) = (block.Cosine * pair[0] + block.Sine * pair[1], block.Cosine * pair[1] - block.Sine * pair[0]);
        }
        RowProducts.Rotate(turned.At(i), turned.At(i + 1), turned.Length, block.Cosine, block.Sine);
    }

    private static ShiftPair Exceptional(double* h, nint row, int corner, int next)
    {
        // at the bottom from its last two subdiagonals, at the top from its first two
        var (near, far) = next < corner ? (h[corner * row + next], h[next * row + next - 1])
            : (h[next * row + corner], h[(next + 1) * row + next]);
        var size = Math.Abs(near) + Math.Abs(far);
        var middle = Exceptional1 * size + h[corner * row + corner];
        return ShiftPair.Of(middle, Exceptional2 * size, size, middle);
    }

    private static ShiftPair OfCorner(double* h, nint row, int last)
    {
        double* upper = h + (last - 1) * row + last - 1, lower = upper + row;
        return ShiftPair.Of(upper[0], upper[1], lower[0], lower[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(double* h, nint row, int first, int last, int leftmost, int rightmost, in ShiftPair shifts, SchurBasis? basis)
    {
        // begin below two small subdiagonals in a row, where the first column allows it
        var from = last - 2;
        double v0, v1, v2;
        for (; ; from--)
        {
            (v0, v1, v2) = shifts.FirstColumn(h + from * row + from, row);
            if (from == first) break;
            double* here = h + from * row + from, above = here - row;
            if (Math.Abs(here[-1]) * (Math.Abs(v1) + Math.Abs(v2))
                <= Deflation.Ulp * Math.Abs(v0) * (Math.Abs(above[-1]) + Math.Abs(here[0]) + Math.Abs(here[row + 1]))) break;
        }
        for (var k = from; k < last; k++)
        {
            var three = k + 2 <= last;
            var at = h + k * row + k;
            if (k > from) (v0, v1, v2) = (at[-1], at[row - 1], three ? at[2 * row - 1] : 0);
            var reflector = SmallReflector.Of(v0, v1, three ? v2 : 0, out var beta);
            if (k > from)
            {
                (at[-1], at[row - 1]) = (beta, 0);
                if (three) at[2 * row - 1] = 0;
            }
            else if (from > first) at[-1] *= 1 - reflector.T0;
            if (three)
            {
                reflector.Rows(at, row, rightmost - k + 1);
                reflector.Columns(h + leftmost * row + k, row, Math.Min(k + 3, last) - leftmost + 1);
                if (basis is { } turned) reflector.Rows(turned.At(k), turned.Row, turned.Length);
            }
            else
            {
                reflector.TwoRows(at, row, rightmost - k + 1);
                reflector.TwoColumns(h + leftmost * row + k, row, last - leftmost + 1);
                if (basis is { } turned) reflector.TwoRows(turned.At(k), turned.Row, turned.Length);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// One multishift QR sweep (Braman, Byers and Mathias 2002, part I): a chain of small bulges, three rows apart, is chased down the active
/// block, some steps at a time within a window on the diagonal. What lies beside the window gets the recorded reflectors afterwards.
/// </summary>
internal static unsafe class BulgeSweep
{
    /// <summary>
    /// Sweeps the active block first … last with the bulges' shifts, the leading bulge's pair first; <paramref name="steps"/> a window.
    /// Without the Schur form only the active block changes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(EigenWorkspace work, nint row, int n, int first, int last, ReadOnlySpan<ShiftPair> shifts, int steps,
        bool schur, DoubleKernels kernels)
    {
        var (bulges, length) = (shifts.Length, last - first); // steps of one bulge
        var total = length + 3 * (bulges - 1);
        int* starts = stackalloc int[bulges], counts = stackalloc int[bulges];
        for (int time = 0, end; time < total; time = end)
        {
            end = Math.Min(time + steps, total);
            var lead = 0;
            while (3 * lead + length <= time) lead++;
            var rear = Math.Min(bulges - 1, (end - 1) / 3);
            int lowest = first - 1 + Math.Max(time - 3 * rear, 0), highest = first - 1 + Math.Min(end - 1 - 3 * lead, length - 1);
            var top = Math.Max(first, lowest / 4 * 4);
            var bottom = Math.Min(last, (highest + 5 + 3) / 4 * 4 - 1); // the row that a bulge fills, and whole registers
            for (var b = lead; b <= rear; b++)
            {
                starts[b] = first + Math.Max(time - 3 * b, 0) - top;
                counts[b] = 0;
            }
            var window = new Window(work.H, row, first, last, top, bottom);
            for (var now = time; now < end; now++)
                for (var b = lead; b <= rear; b++)
                {
                    var position = now - 3 * b;
                    if (position < 0 || position >= length) continue;
                    window.Step(first - 1 + position, shifts[b],
                        work.Reflectors + ((b - lead) * steps + counts[b]++) * BulgePaths.Length);
                }
            var paths = new BulgePaths(work.Reflectors, steps, starts + lead, counts + lead, rear - lead + 1);
            var right = schur ? n : last + 1;
            for (var column = bottom + 1; column < right; column += kernels.Columns)
                kernels.ApplyToRows(work.H + top * row + column, row, paths);
            var above = schur ? 0 : first;
            var columns = (Math.Min(highest + 3, last + 1) - top + 1 + 3) / 4 * 4;
            if (top > above)
                kernels.ApplyToColumns(work.H + above * row + top, row, top - above, columns, work.Turned, paths);
        }
    }

    /// <summary>Rows and columns top … bottom of H, within the active block first … last.</summary>
    private readonly struct Window(double* h, nint row, int first, int last, int top, int bottom)
    {
        /// <summary>
        /// Moves a bulge on from <paramref name="position"/>, the column whose entries below the subdiagonal become 0, or begins it there.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Step(int position, in ShiftPair shifts, double* reflector)
        {
            var at = h + (position + 1) * row + position; // the subdiagonal entry
            SmallReflector turn;
            if (position < first)
            {
                var (v0, v1, v2) = first + 2 <= last ? shifts.FirstColumn(h + first * row + first, row) : default;
                turn = SmallReflector.Of(v0, v1, v2, out _);
            }
            else if (position + 3 > last)
            {
                turn = SmallReflector.Of(at[0], at[row], 0, out var beta);
                (at[0], at[row]) = (beta, 0);
            }
            else turn = Carry(at, shifts);
            var corner = h + (position + 1) * row;
            turn.Rows(corner + position + 1, row, bottom - position);
            turn.Columns(h + top * row + position + 1, row, Math.Min(position + 4, last) - top + 1);
            (reflector[0], reflector[1], reflector[2], reflector[3], reflector[4]) = (turn.V1, turn.V2, turn.T0, turn.T1, turn.T2);
        }

        /// <summary>A bulge that has vanished by rounding begins anew, where that disturbs nothing (LAPACK's dlaqr5).</summary>
        private SmallReflector Carry(double* at, in ShiftPair shifts)
        {
            double x0 = at[0], x1 = at[row], x2 = at[2 * row];
            var turn = SmallReflector.Of(x0, x1, x2, out var beta);
            if (at[2 * row] == 0 && at[2 * row + 1] == 0 && at[2 * row + 2] != 0)
            {
                var (v0, v1, v2) = shifts.FirstColumn(at + 1, row);
                var anew = SmallReflector.Of(v0, v1, v2, out _);
                var sum = x0 + anew.V1 * x1;
                var size = Math.Abs((at - row)[0]) + Math.Abs(at[1]) + Math.Abs(at[row + 2]);
                if (Math.Abs(x1 - anew.T1 * sum) + Math.Abs(anew.T2 * sum) <= Deflation.Ulp * size)
                {
                    (at[0], at[row], at[2 * row]) = (x0 - anew.T0 * sum, 0, 0);
                    return anew;
                }
            }
            (at[0], at[row], at[2 * row]) = (beta, 0, 0);
            return turn;
        }
    }
}

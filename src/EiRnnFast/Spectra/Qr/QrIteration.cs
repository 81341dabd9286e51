using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// Eigenvalues, and where asked the real Schur form, of a Hessenberg matrix: multishift sweeps with aggressive early deflation
/// (Braman, Byers and Mathias 2002; LAPACK's dlaqr0). Backward stable: all that it does is orthogonal.
/// </summary>
internal static unsafe class QrIteration
{
    /// <summary>
    /// Blocks of no more units are solved by double shifts, which are faster there; in the Schur form together with a basis.
    /// </summary>
    private const int SmallBlock = 150, SmallSchurBlock = 60;

    /// <summary>Rounds without a deflation after which the window grows, and after which shifts are exceptional.</summary>
    private const int PatientRounds = 5, ExceptionalRounds = 6;

    /// <summary>A sweep is left out where a window has deflated at least this part of its units.</summary>
    private const double Plenty = 0.14;

    private const int RoundsPerUnit = 30; // and 300 at least; a few in all are usual

    /// <summary>
    /// Finds the eigenvalues of the workspace's H, [n×n], into its Re and Im; with <paramref name="schur"/> H becomes quasi-triangular.
    /// </summary>
    /// <returns>False when the iteration did not end, after 30 rounds a unit.</returns>
    public static bool Run(EigenWorkspace work, nint row, int n, bool schur, DoubleKernels kernels)
    {
        var h = work.H;
        var (stalled, small) = (0, schur ? SmallSchurBlock : SmallBlock);
        var most = RoundsPerUnit * Math.Max(10, n);
        Span<ShiftPair> shifts = stackalloc ShiftPair[EigenWorkspace.MostBulges];
        for (int last = n - 1, round = 0; last >= 0; round++)
        {
            if (round > most) return false;
            var first = Deflation.ActiveFrom(h, row, 0, last, 0, last);
            var size = last - first + 1;
            if (size <= small && !schur)
            {
                if (!DoubleShiftQr.Run(h, row, first, last, work.Re, work.Im)) return false;
                (last, stalled) = (first - 1, 0);
                continue;
            }
            var plan = SweepPlan.Of(size);
            var window = size <= small ? size : plan.Window;
            if (stalled >= PatientRounds) window = Math.Min(Math.Min(size, EigenWorkspace.MostWindow), 4 * window);
            var (found, left) = DeflationWindow.Run(work, row, n, first, last, window, schur, kernels);
            if (found == 0 && size <= small) return false;
            last -= found;
            stalled = found > 0 ? 0 : stalled + 1;
            if (found >= Plenty * window || last - first + 1 <= small) continue;
            var bulges = Math.Min(plan.Bulges, (last - first - 2) / 3);
            var count = stalled > 0 && stalled % ExceptionalRounds == 0
                ? ExceptionalShifts(h, row, first, last, shifts[..bulges])
                : Shifts(work, row, last, left, shifts[..bulges]);
            if (count > 0) BulgeSweep.Run(work, row, n, first, last, shifts[..count], plan.Steps, schur, kernels);
        }
        return true;
    }

    /// <summary>Pairs of the window's last eigenvalues, or of the last rows' own where there are too few; the smallest lead.</summary>
    private static int Shifts(EigenWorkspace work, nint row, int last, int left, Span<ShiftPair> pairs)
    {
        var wanted = 2 * pairs.Length;
        double* re = work.ShiftRe, im = work.ShiftIm;
        if (left < pairs.Length)
        {
            const int wide = EigenWorkspace.WindowRow;
            var corner = work.H + (last - wanted + 1) * row + last - wanted + 1;
            for (var i = 0; i < wanted; i++)
            {
                new Span<double>(work.Window + i * wide, wanted).Clear();
                var from = Math.Max(0, i - 1);
                var to = work.Window + i * wide + from;
                new Span<double>(corner + i * row + from, wanted - from).CopyTo(new Span<double>(to, wanted - from));
            }
            if (!DoubleShiftQr.Run(work.Window, wide, 0, wanted - 1, re, im)) return 0;
            left = wanted;
        }
        // the last ones, without half a pair
        var start = Math.Max(0, left - wanted);
        if (im[start] < 0) start++;
        var count = 0;
        double? single = null;
        for (var i = start; i < left && count < pairs.Length; i++)
        {
            if (im[i] != 0)
            {
                pairs[count++] = new(re[i], im[i], re[i + 1], im[i + 1]);
                i++;
            }
            else if (single is { } other)
            {
                pairs[count++] = new(other, 0, re[i], 0);
                single = null;
            }
            else single = re[i];
        }
        if (single is { } alone && count < pairs.Length) pairs[count++] = new(alone, 0, alone, 0);
        pairs[..count].Sort((a, b) => a.Size.CompareTo(b.Size));
        return count;
    }

    /// <summary>Shifts from the subdiagonals alone, which break a cycle of sweeps.</summary>
    private static int ExceptionalShifts(double* h, nint row, int first, int last, Span<ShiftPair> pairs)
    {
        var count = 0;
        for (var i = last; i >= first + 2 && count < pairs.Length; i -= 2)
        {
            double size = Math.Abs(h[i * row + i - 1]) + Math.Abs(h[(i - 1) * row + i - 2]);
            var middle = DoubleShiftQr.Exceptional1 * size + h[i * row + i];
            pairs[count++] = ShiftPair.Of(middle, size, DoubleShiftQr.Exceptional2 * size, middle);
        }
        return count;
    }

    /// <summary>Units of a deflation window, bulges of a sweep and steps of a window on the diagonal, measured to be fast.</summary>
    internal readonly record struct SweepPlan(int Window, int Bulges, int Steps)
    {
        public static SweepPlan Of(int size) => size switch
        {
            < 250 => new(24, 8, 16),
            < 800 => new(36, 16, 32),
            _ => new(64, 24, 48),
        };
    }
}

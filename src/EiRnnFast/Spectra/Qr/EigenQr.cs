using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>The eigenvalues or the Schur form of one dense matrix, by our own QR algorithm.</summary>
internal static unsafe class EigenQr
{
    /// <summary>Eigenvalues in no special order; conjugate pairs are neighbours, the one above the real axis first.</summary>
    /// <param name="columns">Column-major [n×n], balanced, its largest entry about 1.</param>
    /// <param name="n">Units.</param>
    /// <param name="re">Real parts, [n].</param>
    /// <param name="im">Imaginary parts, [n].</param>
    /// <param name="kernels">Lanes; the widest of this machine unless said.</param>
    /// <returns>False when the iteration did not end.</returns>
    public static bool Eigenvalues(ReadOnlySpan<double> columns, int n, Span<double> re, Span<double> im, DoubleKernels? kernels = null)
    {
        var work = EigenWorkspace.For(n);
        // the transposed matrix has the same eigenvalues
        if (!Solve(work, columns, n, schur: false, kernels ?? DoubleKernels.Current)) return false;
        new Span<double>(work.Re, n).CopyTo(re);
        new Span<double>(work.Im, n).CopyTo(im);
        GC.KeepAlive(work); // whose memory the pointers are to
        return true;
    }

    /// <summary>The real Schur form, row-major, of a row-major matrix; false when the iteration did not end.</summary>
    public static bool Schur(Span<double> matrix, int n, DoubleKernels? kernels = null)
    {
        var work = EigenWorkspace.For(n);
        if (!Solve(work, matrix, n, schur: true, kernels ?? DoubleKernels.Current)) return false;
        var row = EigenWorkspace.RowOf(n);
        for (var i = 0; i < n; i++)
        {
            var from = Math.Max(0, i - 1);
            matrix.Slice(i * n, from).Clear();
            new Span<double>(work.H + (nint)i * row + from, n - from).CopyTo(matrix[(i * n + from)..]);
        }
        GC.KeepAlive(work);
        return true;
    }

    private static bool Solve(EigenWorkspace work, ReadOnlySpan<double> rows, int n, bool schur, DoubleKernels kernels)
    {
        nint row = EigenWorkspace.RowOf(n);
        for (var i = 0; i < n; i++)
        {
            var line = new Span<double>(work.H + i * row, (int)row);
            rows.Slice(i * n, n).CopyTo(line);
            line[n..].Clear();
        }
        new Span<double>(work.H + n * row, (int)(EigenWorkspace.SpareRows * row)).Clear();
        if (n > 2) HessenbergReduction.Run(work, row, n, kernels);
        return QrIteration.Run(work, row, n, schur, kernels);
    }
}

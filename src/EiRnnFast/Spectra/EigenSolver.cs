using System.Numerics;
using EiRnnFast.Native;
using EiRnnFast.Spectra.Qr;

namespace EiRnnFast.Spectra;

/// <summary>
/// Eigenvalues of general real matrices in double precision: LAPACK's <c>geev</c> where a library is found, else the engine's own QR
/// algorithm, which is as exact and no slower. Safe to share between threads.
/// </summary>
public sealed class EigenSolver
{
    private const string Variable = "EIRNN_LAPACK";

    private const string NoEnd = "the QR iteration did not end within its 30 rounds a unit; keep the matrix and report it, "
        + "or install a native LAPACK (see: eirnn info)";

    private static readonly Lazy<EigenSolver> s_current = new(FindCurrent);
    private readonly Lapack? _lapack;

    private EigenSolver(Lapack? lapack) => _lapack = lapack;

    /// <summary>
    /// The engine's own: multishift QR with aggressive early deflation (Braman, Byers and Mathias 2002). It needs no library, and gives the
    /// same bits on every machine.
    /// </summary>
    public static EigenSolver Own { get; } = new(null);

    /// <summary>
    /// The solver where none is handed over. The environment variable <c>EIRNN_LAPACK</c> may name it: a library's path, or
    /// <c>own</c> (or <c>managed</c>, its name in earlier versions). Without it, MKL, OpenBLAS or reference LAPACK, whichever is found
    /// first, else <see cref="Own"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">EIRNN_LAPACK names a library that cannot be loaded or has no dgeev.</exception>
    public static EigenSolver Current => s_current.Value;

    /// <summary>Name, version and file of the library, or of the engine's own solver.</summary>
    public string Name => _lapack?.Description ?? $"own (EiRnnFast {typeof(EigenSolver).Assembly.GetName().Version?.ToString(3)})";

    /// <summary>Whether a native LAPACK does the work.</summary>
    public bool IsNative => _lapack is not null;

    /// <summary>The engine's own for <c>own</c> or <c>managed</c>, else the one over that library.</summary>
    /// <param name="choice"><c>own</c>, <c>managed</c>, or what <see cref="FromLibrary"/> takes.</param>
    /// <param name="asked">What named it, for the message: an option or a variable.</param>
    /// <exception cref="InvalidInputException">It cannot be loaded or has no dgeev.</exception>
    public static EigenSolver Get(string choice, string asked = "LAPACK library") =>
        choice is "own" or "managed" ? Own : FromLibrary(choice, asked);

    /// <summary>The solver over one LAPACK library.</summary>
    /// <param name="library">Path or name of MKL, OpenBLAS,
    /// reference LAPACK or anything else that exports <c>dgeev_</c> with 32-bit integers.</param>
    /// <param name="asked">What named it, for the message: an option or a variable.</param>
    /// <exception cref="InvalidInputException">It cannot be loaded or has no dgeev.</exception>
    public static EigenSolver FromLibrary(string library, string asked = "LAPACK library") =>
        Lapack.TryLoad(library, out var lapack)
            ? new EigenSolver(lapack)
            : throw InvalidInputException.Of(asked, $"'{library}'", "a loadable library that exports dgeev_, or 'own'",
                "give the path of MKL, OpenBLAS or LAPACK, or leave it out");

    /// <summary>Eigenvalues, largest modulus first; of a conjugate pair the one above the real axis first.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows, 1 or more.</param>
    /// <exception cref="InvalidInputException">Not square, a value that is not finite, or an eigenvalue too large for a double.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public Complex[] Eigenvalues(ReadOnlySpan<double> matrix, int n)
    {
        RequireFiniteSquare(matrix, n);
        List<Complex> eigenvalues = [];
        foreach (var block in IrreducibleBlock.Of([.. matrix], n))
            foreach (var z in block.Size == 1 ? [block.ColumnMajor[0]] : _lapack is null ? SolveOwn(block.ColumnMajor, block.Size)
                : SolveNative(_lapack, block.ColumnMajor, block.Size))
                eigenvalues.Add(Scaled(z, block.Exponent));
        return [.. Ordered(eigenvalues)];
    }

    /// <summary>z·2^exponent.</summary>
    private static Complex Scaled(Complex z, int exponent)
    {
        var scaled = new Complex(Math.ScaleB(z.Real, exponent), Math.ScaleB(z.Imaginary, exponent));
        return double.IsFinite(scaled.Magnitude) ? scaled
            : throw InvalidInputException.Of("matrix", $"an eigenvalue near 2^{exponent + Math.ILogB(z.Magnitude)}",
                $"eigenvalues below {double.MaxValue:0.0e0}",
                "scale the matrix down");
    }

    /// <summary>Refuses a matrix that is not square or not finite.</summary>
    internal static void RequireFiniteSquare(ReadOnlySpan<double> matrix, int n)
    {
        if (n < 1 || matrix.Length != (long)n * n) // LAPACK ends the process on a size it does not take
            throw InvalidInputException.Of("matrix", $"{matrix.Length} values", $"{n}×{n}", "give a square matrix");
        foreach (var value in matrix)
            if (!double.IsFinite(value))
                throw InvalidInputException.Of("matrix", value, "finite values only", "the weights are damaged or diverged");
    }

    /// <summary>The real Schur form, row-major, upper triangular but for 2×2 blocks, by LAPACK's dgees or the own solver.</summary>
    internal double[] QuasiTriangle(ReadOnlySpan<double> matrix, int n)
    {
        if (_lapack is not { HasGees: true })
        {
            double[] own = [.. matrix];
            return EigenQr.Schur(own, n) ? own : throw new ComputationException($"Schur form of a {n}×{n} matrix: {NoEnd}");
        }
        double[] a = new double[matrix.Length], triangle = new double[matrix.Length];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) a[j * n + i] = matrix[i * n + j];
        var info = _lapack.Gees(a, n);
        if (info != 0)
            throw new ComputationException($"Schur form of a {n}×{n} matrix: {_lapack.Description} stopped with info = {info}; "
                + "set EIRNN_LAPACK=own to try the engine's own solver");
        for (var j = 0; j < n; j++)
            for (var i = 0; i <= Math.Min(j + 1, n - 1); i++) triangle[i * n + j] = a[j * n + i];
        return triangle;
    }

    /// <summary>
    /// Both solvers return exact conjugates, so the lower ones follow from the upper. Moduli that differ by rounding alone
    /// (an orthogonal matrix) are ordered by their real parts, so that every solver gives the same order.
    /// </summary>
    private static IEnumerable<Complex> Ordered(IEnumerable<Complex> eigenvalues) => eigenvalues.Where(z => z.Imaginary >= 0)
        .OrderByDescending(z => TwelveDigits(z.Magnitude)).ThenByDescending(z => z.Real)
        .SelectMany(z => z.Imaginary > 0 ? [z, Complex.Conjugate(z)] : new[] { z });

    private static double TwelveDigits(double modulus)
    {
        if (modulus == 0) return 0;
        var exponent = Math.ILogB(modulus);
        return Math.ScaleB(Math.Round(Math.ScaleB(modulus, -exponent), 12), exponent);
    }

    private static Complex[] SolveNative(Lapack lapack, double[] a, int n)
    {
        double[] re = new double[n], im = new double[n];
        var info = lapack.Geev(a, n, re, im);
        if (info != 0)
            throw new ComputationException($"eigenvalues of a {n}×{n} matrix: {lapack.Description} stopped with info = {info}; "
                + "set EIRNN_LAPACK=own to try the engine's own solver");
        return [.. re.Zip(im, (x, y) => new Complex(x, y))];
    }

    private static Complex[] SolveOwn(double[] a, int n)
    {
        double[] re = new double[n], im = new double[n];
        return EigenQr.Eigenvalues(a, n, re, im) ? [.. re.Zip(im, (x, y) => new Complex(x, y))]
            : throw new ComputationException($"eigenvalues of a {n}×{n} matrix: {NoEnd}");
    }

    private static EigenSolver FindCurrent() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => Lapack.Find() is { } lapack ? new EigenSolver(lapack) : Own,
        var choice => Get(choice, Variable),
    };
}

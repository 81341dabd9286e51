using System.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Spectra;

/// <summary>Eigenvalues of one real matrix or of a stack of them. Any number of threads finds the same bits.</summary>
public static class Eigenvalues
{
    /// <summary>Those of one matrix, largest modulus first; of a conjugate pair the one above the real axis first.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows, 1 or more.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <exception cref="InvalidInputException">Not square, a value that is not finite, or an eigenvalue too large for a double.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public static Complex[] Of(ReadOnlySpan<double> matrix, int n, EigenSolver? solver = null) =>
        (solver ?? EigenSolver.Current).Eigenvalues(matrix, n);

    /// <summary>Those of a stack of matrices of one size, [count][n], each in the order of <see cref="Of"/>.</summary>
    /// <param name="stack">Row-major [count×n×n], finite; empty for no matrix.</param>
    /// <param name="n">Rows of one matrix, 1 or more.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="threads">Threads to compute on; all cores unless said.</param>
    /// <param name="progress">Called after every matrix with the number done, one call at a time, on the thread that has done it.</param>
    /// <param name="cancellation">Checked before every matrix.</param>
    /// <exception cref="InvalidInputException">Not whole matrices, or one that cannot be used: the message says which, from 0.</exception>
    /// <exception cref="ComputationException">The QR iteration of a matrix did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Complex[][] OfMany(ReadOnlyMemory<double> stack, int n, EigenSolver? solver = null, int? threads = null,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        if (n < 1) throw InvalidInputException.Of("rows of the matrices", n, "1 or more", "give the size of one matrix");
        var size = (long)n * n;
        if (stack.Length % size != 0)
            throw InvalidInputException.Of("stack of matrices", $"{stack.Length} values", $"count×{n}×{n}", "give whole square matrices");
        solver ??= EigenSolver.Current;
        var all = new Complex[stack.Length / size][];
        ForEach(all.Length, threads, progress, i => all[i] = solver.Eigenvalues(stack.Span.Slice(i * n * n, n * n), n), cancellation);
        return all;
    }

    /// <summary>Does something with every matrix of a stack; what it throws says which matrix it is of.</summary>
    internal static void ForEach(int count, int? threads, Action<int>? progress, Action<int> body, CancellationToken cancellation)
    {
        var tally = new Tally(progress);
        ThreadTeam.ForEach(count, ThreadBudget.OrCores(threads), i =>
        {
            try
            {
                body(i);
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException(OfStack(i, e), e);
            }
            catch (ComputationException e)
            {
                throw new ComputationException(OfStack(i, e), e);
            }
            tally.Add();
        }, cancellation);
    }

    private static string OfStack(int index, Exception e)
    {
        const string subject = "matrix: ";
        var text = e.Message.StartsWith(subject, StringComparison.Ordinal) ? e.Message[subject.Length..] : e.Message;
        return FormattableString.Invariant($"matrix {index} of the stack: {text}");
    }
}

namespace EiRnnFast.Studies.Runs;

/// <summary>Work that an interruption need not wait for, such as the eigenvalues of a large matrix, which LAPACK finds in one call.</summary>
public static class Interruptible
{
    /// <summary>Runs <paramref name="work"/> on a thread of its own and returns its result, or leaves it to end with the process.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static T Run<T>(Func<T> work, CancellationToken interruption) =>
        Task.Run(work, interruption).WaitAsync(interruption).GetAwaiter().GetResult();
}

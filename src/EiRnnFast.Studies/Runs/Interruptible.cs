using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>Work that an interruption need not wait for, such as the eigenvalues of a large matrix, which LAPACK finds in one
/// call.</summary>
public static class Interruptible
{
    /// <summary>How long work has, after an interruption, to take back the folders that it made.</summary>
    private static readonly TimeSpan s_timeToCleanUp = TimeSpan.FromSeconds(1);

    /// <summary>Runs <paramref name="work"/> on a thread of its own and returns its result, or leaves it to end with the process.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static T Run<T>(Func<T> work, CancellationToken interruption) =>
        Task.Run(work, interruption).WaitAsync(interruption).GetAwaiter().GetResult();

    /// <summary>
    /// Runs a whole program. After an interruption no file changes any more, and hidden ones are gone: those that are not complete are
    /// given up.
    /// </summary>
    /// <param name="program">Returns the exit code.</param>
    /// <param name="interruption">Ends it.</param>
    /// <returns>The exit code, also of a program that was complete before it noticed.</returns>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static int RunProgram(Func<int> program, CancellationToken interruption)
    {
        var work = Task.Run(program, CancellationToken.None);
        try
        {
            return work.WaitAsync(interruption).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            HiddenFile.Abandon();
            var hasEnded = Task.WaitAny([work], s_timeToCleanUp) == 0;
            return hasEnded && work.IsCompletedSuccessfully ? work.Result : throw new OperationCanceledException(interruption);
        }
    }
}

using EiRnnFast.Threads;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// How many threads the networks under way may use. Each has its own; once no run waits any more, those of idle workers are handed to the
/// networks that gain by them. Not safe to share between threads: its owner locks.
/// </summary>
/// <param name="workers">Networks trained at a time.</param>
/// <param name="threads">Threads of each.</param>
/// <param name="lane">Floats of a register.</param>
internal sealed class CoreShares(int workers, int threads, int lane)
{
    private readonly Dictionary<SweepRun, ThreadBudget> _running = [];

    /// <summary>A run begins; what it may use.</summary>
    public ThreadBudget Begin(SweepRun run) => _running[run] = new ThreadBudget(threads);

    /// <summary>A run has ended.</summary>
    public void End(SweepRun run) => _running.Remove(run);

    /// <summary>Divides the threads among the runs under way, the spare ones too where no run waits for a worker.</summary>
    public void Divide(bool isNoneWaiting)
    {
        var spare = isNoneWaiting ? (workers - _running.Count) * threads : 0;
        var shares = _running.Keys.OrderByDescending(run => run.Cost).ThenBy(run => run.Id, StringComparer.Ordinal)
            .Select(run => (Run: run, Most: ThreadBudget.For(run.Settings.Units, lane, ThreadBudget.Most))).ToArray();
        var given = shares.Select(_ => threads).ToArray();
        for (int i = 0, refused = 0; spare > 0 && refused < shares.Length; i = (i + 1) % shares.Length)
            if (given[i] >= shares[i].Most) refused++;
            else (given[i], spare, refused) = (given[i] + 1, spare - 1, 0);
        for (var i = 0; i < shares.Length; i++) _running[shares[i].Run].Threads = given[i];
    }
}

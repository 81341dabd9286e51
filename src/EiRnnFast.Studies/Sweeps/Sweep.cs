using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Runs a plan, or a shard of it: one network per worker thread, no state shared but data sets, which nobody changes. Results depend on
/// a run's settings alone, so neither the number of workers nor the order changes a bit of them.
/// </summary>
public static class Sweep
{
    /// <summary>Runs what is not recorded yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">A folder that exists; it gets a copy of the plan and this shard's store.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Called after every recorded run and while runs proceed, from the workers' threads, one call at a time.</param>
    /// <param name="stop">No run is begun any more; those under way are finished and recorded.</param>
    /// <returns>Where the shard stands at the end.</returns>
    /// <exception cref="InvalidInputException">The folder or a store in it cannot be used, the shard is at work elsewhere, or a run does not fit into memory.</exception>
    /// <exception cref="ComputationException">A finished run could not be recorded; what is recorded stays.</exception>
    public static SweepProgress Run(SweepPlan plan, SweepFolder folder, SweepOptions? options = null, Action<SweepProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new SweepOptions();
        options.Validate();
        var (kernels, _) = (KernelSet.Current, EigenSolver.Current.Name); // what the environment asks for is there, or an exception says so
        var shard = Shard.Deal(plan, options.Shard.Count)[options.Shard.Index - 1];
        var budget = new MemoryBudget(options.MemoryBytes, kernels);
        if (shard.Count > 0 && CostModel.Largest(shard, kernels) is var (large, need) && need > budget.Total)
            throw InvalidInputException.Of($"memory for {large.Settings.Units} units on {large.Settings.Task.Name}",
                $"{budget.Total >> 20} MiB", $"{(need >> 20) + 1} MiB",
                "give more with --memory, use a larger machine, or take the run out of the plan");
        using var claim = folder.Claim(options.Shard);
        var recorded = folder.Stores().SelectMany(store => StoreReader.Outcomes(store.Path)).GroupBy(row => row.Id).ToDictionary(rows => rows.Key, rows => Better(rows.Select(row => row.Status)));
        folder.SetPlan(plan, options.Shard);
        var workers = options.Workers ?? Environment.ProcessorCount;
        var store = new RunStore(folder.StoreOf(options.Shard), workers, options.Clock.GetUtcNow());
        using var queue = new RunQueue(shard, recorded, options, budget, store, progress, stop);
        var threads = Enumerable.Range(0, Math.Min(workers, Math.Max(1, queue.Pending))).Select(i => new Thread(queue.Work) { Name = $"sweep worker {i + 1}", IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return queue.End();
    }

    /// <summary>Of a run that more than one store has, the record that counts.</summary>
    private static string Better(IEnumerable<string> statuses) => statuses.MinBy(status => status == RunStatus.Failed)!;

    /// <summary>The runs still to be done, and the workers' part in it. All fields are guarded by the lock.</summary>
    private sealed class RunQueue : IDisposable
    {
        private readonly object _lock = new();
        private readonly SweepOptions _options;
        private readonly MemoryBudget _budget;
        private readonly RunStore _store;
        private readonly Action<SweepProgress>? _progress;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenSource _abort = new();
        private readonly DataSets _data = new();
        private readonly LinkedList<SweepRun> _pending;
        private readonly Dictionary<SweepRun, double> _running = [];
        private readonly int _total;
        private readonly long _started;
        private long _reported;
        private int _done, _diverged, _failed, _recorded;
        private double _costDone, _costPending;
        private RunRecord? _latest;
        private Exception? _fatal;

        public RunQueue(IReadOnlyList<SweepRun> shard, Dictionary<string, string> recorded, SweepOptions options, MemoryBudget budget, RunStore store,
            Action<SweepProgress>? progress, CancellationToken stop)
        {
            (_options, _budget, _store, _progress, _stop, _total) = (options, budget, store, progress, stop, shard.Count);
            _started = Stopwatch.GetTimestamp();
            List<SweepRun> pending = [];
            foreach (var run in shard)
            {
                var status = recorded.GetValueOrDefault(run.Id);
                if (status is null || (status == RunStatus.Failed && options.RetryFailed)) pending.Add(run);
                else Count(status);
            }
            _costPending = pending.Sum(run => run.Cost);
            if (options.ShuffleSeed is { } seed)
            {
                var shuffled = pending.ToArray();
                new Random(seed).Shuffle(shuffled);
                _pending = new LinkedList<SweepRun>(shuffled);
            }
            else _pending = new LinkedList<SweepRun>(pending.OrderByDescending(run => run.Cost).ThenBy(run => run.Id, StringComparer.Ordinal));
        }

        public int Pending => _pending.Count;

        /// <summary>What a worker thread does: take a run, train it, record it, until none is left.</summary>
        public void Work()
        {
            try
            {
                while (Next() is { } run) Finish(run, Execute(run));
            }
            catch (OperationCanceledException) when (_abort.IsCancellationRequested)
            {
                // Another worker has said why.
            }
            catch (Exception e)
            {
                Abort(e);
            }
        }

        public void Dispose() => _abort.Dispose();

        public SweepProgress End()
        {
            if (_fatal is InvalidInputException) throw new ComputationException($"{_fatal.Message} ({_recorded} runs were recorded in this session)", _fatal);
            if (_fatal is not null) throw new ComputationException($"sweep: found an unexpected failure ({InputFile.OneLine(_fatal.Message)}), expected finished runs; what is recorded stays", _fatal);
            lock (_lock) return Progress();
        }

        /// <summary>The first pending run that fits into memory beside those under way; null when the work is over.</summary>
        private SweepRun? Next()
        {
            lock (_lock)
                while (true)
                {
                    if (_pending.Count == 0 || _stop.IsCancellationRequested || _fatal is not null) return null;
                    for (var node = _pending.First; node is not null; node = node.Next)
                    {
                        if (!_budget.TryTake(node.Value.Settings)) continue;
                        _pending.Remove(node);
                        _costPending -= node.Value.Cost;
                        _running[node.Value] = 0;
                        return node.Value;
                    }
                    if (_running.Count > 0) Monitor.Wait(_lock, 500);
                    else
                    {
                        _data.Clear(); // each fits alone: it is the data sets of runs gone by that are in the way
                        _budget.ReturnDataSets();
                    }
                }
        }

        private RunRecord Execute(SweepRun run)
        {
            var (started, clock) = (_options.Clock.GetUtcNow(), Stopwatch.GetTimestamp());
            try
            {
                var trained = TrainingRun.Execute(run.Settings, p => Report(run, p), run.Settings.OwnDataSet ? run.Settings.Task : _data.Of(run.Settings.Task), cancellation: _abort.Token);
                return RunRecord.Of(run, trained, started, Stopwatch.GetElapsedTime(clock), _options.KeepWeights);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever befalls one network, the others of a night go on.
                var reason = e is EiRnnException ? e.Message : e is OutOfMemoryException ? "memory: found too little for this run" : $"unexpected {e.GetType().Name}: {e.Message}";
                return RunRecord.Failure(run, reason, started, Stopwatch.GetElapsedTime(clock));
            }
        }

        private void Finish(SweepRun run, RunRecord record)
        {
            lock (_lock)
            {
                if (_fatal is not null) return;
                _store.Add(record, record.Finished);
                Count(record.Status);
                (_recorded, _costDone, _latest) = (_recorded + 1, _costDone + run.Cost, record with { Network = null });
                _running.Remove(run);
                _budget.Return(run.Settings);
                Monitor.PulseAll(_lock);
                _progress?.Invoke(Progress());
            }
        }

        /// <summary>Twenty times a second at most, and never waiting: training goes on when somebody else reports.</summary>
        private void Report(SweepRun run, Training.TrainingProgress p)
        {
            if (_progress is null || Environment.TickCount64 - Volatile.Read(ref _reported) < 50 || !Monitor.TryEnter(_lock)) return;
            try
            {
                Volatile.Write(ref _reported, Environment.TickCount64);
                _running[run] = ((p.Epoch - 1) * (double)p.Updates + p.Update) / ((double)p.Epochs * p.Updates);
                _progress(Progress());
            }
            catch (Exception e)
            {
                Abort(e); // the caller's failure, not the network's
            }
            finally
            {
                Monitor.Exit(_lock);
            }
        }

        private void Abort(Exception e)
        {
            lock (_lock)
            {
                _fatal ??= e;
                _abort.Cancel(); // what is under way could not be recorded either
                Monitor.PulseAll(_lock);
            }
        }

        private void Count(string status)
        {
            if (status == RunStatus.Done) _done++;
            else if (status == RunStatus.Diverged) _diverged++;
            else _failed++;
        }

        private SweepProgress Progress()
        {
            var elapsed = Stopwatch.GetElapsedTime(_started);
            var underWay = _running.Sum(run => run.Key.Cost * run.Value);
            var left = (_stop.IsCancellationRequested ? 0 : _costPending) + _running.Sum(run => run.Key.Cost) - underWay;
            var pace = (_costDone + underWay) / elapsed.TotalSeconds;
            return new SweepProgress(_total, _done, _diverged, _failed, _recorded, _running.Count, elapsed,
                left == 0 ? TimeSpan.Zero : pace > 0 ? TimeSpan.FromSeconds(Math.Min(left / pace, 1e9)) : null, _latest);
        }
    }
}

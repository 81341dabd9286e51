using System.Diagnostics;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Threads;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Runs a plan, or a shard of it: one network per worker thread, no state shared but data sets, which nobody changes. Results depend on
/// a run's settings alone, so neither the number of workers or threads nor the order changes a bit of them.
/// </summary>
public static class Sweep
{
    /// <summary>Runs what is not recorded yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">A folder that exists; it gets a copy of the plan and this shard's store.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">
    /// Called after every recorded run, while runs proceed, and while another program keeps the store, from several threads, one call at
    /// a time. If it fails, it is not called again; the sweep goes on and says so at the end.
    /// </param>
    /// <param name="stop">No run is begun any more; those under way are finished and recorded.</param>
    /// <param name="leave">Those under way are not finished either: they end after an update, and go on from there next time.</param>
    /// <returns>Where the shard stands at the end.</returns>
    /// <exception cref="InvalidInputException">The folder or a store in it cannot be used, the shard is at work elsewhere, or a run does
    /// not fit into memory.</exception>
    /// <exception cref="ComputationException">A finished run could not be recorded, or is not in the store at the end; what is recorded
    /// stays. Or progress failed.</exception>
    public static SweepProgress Run(SweepPlan plan, SweepFolder folder, SweepOptions? options = null,
        Action<SweepProgress>? progress = null, CancellationToken stop = default, CancellationToken leave = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(folder);
        options = (options ?? new SweepOptions()).For(plan);
        options.Validate();
        var backend = options.Backend ?? Backend.Default;
        var shard = Shard.Deal(plan, options.Shard.Count)[options.Shard.Index - 1];
        var budget = new MemoryBudget(options.MemoryBytes, backend.Kernels);
        if (shard.Count > 0 && CostModel.Largest(shard, backend.Kernels) is var (large, need) && need > budget.Total)
            throw InvalidInputException.Of($"memory for {large.Settings.Units} units on {large.Settings.Task.Name}",
                $"{budget.Total >> 20} MiB", $"{(need >> 20) + 1} MiB",
                "give more with --memory, use a larger machine, or take the run out of the plan");
        using var claim = folder.Claim(options.Shard, plan);
        var damaged = folder.TakeOutDamagedRows(options.Shard);
        var recorded = folder.Stores().SelectMany(store => StoreReader.Outcomes(store.Path))
            .GroupBy(row => row.Id)
            .ToDictionary(rows => rows.Key, rows => StatusThatCounts(rows.Select(row => row.Status)));
        var checkpoints = new SweepCheckpoints(folder.Path, options.CheckpointInterval, options.Tracking);
        checkpoints.DropRecorded(recorded);
        var workers = options.WorkersFor(plan);
        var cores = new CoreShares(workers, options.ThreadsFor(plan), backend.Kernels.LaneWidth);
        using var queue = new RunQueue(shard, recorded, options, backend, budget, cores, checkpoints, progress, stop, leave)
        {
            DamagedRows = damaged,
            BesidePlan = recorded.Keys.Except(plan.Runs.Select(run => run.Id)).Count(),
            WithoutAnalyses = MissingAnalyses.Count(folder.Stores().Select(store => store.Path),
                shard.Where(run => recorded.GetValueOrDefault(run.Id) == RunStatus.Done), options),
        };
        var store = queue.Open(() => new RunStore(folder.StoreOf(options.Shard), workers, options.Clock.GetUtcNow()));
        var threads = Enumerable.Range(0, Math.Min(workers, Math.Max(1, queue.Pending)))
            .Select(i => new Thread(queue.Work) { Name = $"sweep worker {i + 1}", IsBackground = true }).ToArray();
        queue.Workers = threads.Length;
        foreach (var thread in threads) thread.Start();
        queue.Record(store);
        foreach (var thread in threads) thread.Join();
        return queue.End(() => [.. StoreReader.Outcomes(folder.StoreOf(options.Shard)).Select(row => row.Id)]);
    }

    /// <summary>Of a run that more than one store has, the record that counts.</summary>
    private static string StatusThatCounts(IEnumerable<string> statuses) => statuses.MinBy(status => status == RunStatus.Failed)!;

    /// <summary>The runs still to be done, and the workers' part in it. All fields are guarded by the lock.</summary>
    private sealed class RunQueue : IDisposable
    {
        private readonly object _lock = new();
        private readonly SweepOptions _options;
        private readonly Backend _backend;
        private readonly MemoryBudget _budget;
        private readonly CoreShares _cores;
        private readonly SweepCheckpoints _checkpoints;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenSource _abort;
        private readonly DataSets _data = new();
        private readonly LinkedList<SweepRun> _pending;
        private readonly Dictionary<SweepRun, double> _running = [];
        private readonly Queue<RunRecord> _finished = [];
        private readonly HashSet<string> _recordedIds = [];
        private readonly int _total;
        private readonly long _started;
        private long _reported;
        private int _done, _diverged, _failed;
        private double _costDone, _costPending;
        private RunRecord? _latest;
        private Exception? _fatal, _progressFailure;
        private Action<SweepProgress>? _progress;
        private bool _busy;

        public RunQueue(IReadOnlyList<SweepRun> shard, Dictionary<string, string> recorded, SweepOptions options, Backend backend,
            MemoryBudget budget, CoreShares cores, SweepCheckpoints checkpoints, Action<SweepProgress>? progress, CancellationToken stop,
            CancellationToken leave)
        {
            _options = options;
            _backend = backend with { Threads = ThreadBudget.Cores }; // no core is idle: spectra are found by the trainer itself
            (_budget, _cores) = (budget, cores);
            _progress = progress;
            (_checkpoints, _stop) = (checkpoints, stop);
            _abort = CancellationTokenSource.CreateLinkedTokenSource(leave);
            _total = shard.Count;
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
            else
            {
                var longestFirst = pending.OrderByDescending(run => run.Cost).ThenBy(run => run.Id, StringComparer.Ordinal);
                _pending = new LinkedList<SweepRun>(longestFirst);
            }
        }

        public int Pending => _pending.Count;

        /// <summary>Rows that were taken out of stores before.</summary>
        public int DamagedRows { get; init; }

        public int WithoutAnalyses { get; init; }

        public int BesidePlan { get; init; }

        /// <summary>Worker threads that have not ended.</summary>
        public int Workers { get; set; }

        /// <summary>What a worker thread does: take a run, train it, record it, until none is left.</summary>
        public void Work()
        {
            try
            {
                while (Next() is var (run, threads)) Finish(run, Execute(run, threads));
            }
            catch (OperationCanceledException) when (_abort.IsCancellationRequested)
            {
                // Another worker has said why, or the runs under way are left.
            }
            catch (Exception e)
            {
                Abort(e);
            }
            finally
            {
                lock (_lock)
                {
                    Workers--;
                    Monitor.PulseAll(_lock);
                }
            }
        }

        /// <summary>Opens the store, however long another program has it.</summary>
        public RunStore Open(Func<RunStore> open)
        {
            while (true)
                try
                {
                    return open();
                }
                catch (StoreBusyException)
                {
                    Wait();
                }
        }

        /// <summary>Records what the workers finish, in the caller's thread, until all have ended. While another program has the store,
        /// it tries again.</summary>
        public void Record(RunStore store)
        {
            while (First() is { } record)
                try
                {
                    store.Add(record, record.Finished);
                    Recorded();
                }
                catch (StoreBusyException)
                {
                    Wait();
                }
                catch (Exception e)
                {
                    Abort(e);
                    return;
                }
        }

        public void Dispose() => _abort.Dispose();

        /// <summary>Where the shard stands, held against the ids that its store has.</summary>
        public SweepProgress End(Func<HashSet<string>> stored)
        {
            var (recorded, lost) = (_recordedIds.Count, _finished.Count);
            var outcome = $"{(recorded == 1 ? "1 run was" : $"{recorded} runs were")} recorded in this session"
                + $"{(lost > 0 ? $", {lost} finished run{(lost == 1 ? "" : "s")} could not be recorded" : "")}";
            if (_fatal is InvalidInputException) throw new ComputationException($"{_fatal.Message} ({outcome})", _fatal);
            if (_fatal is not null)
                throw new ComputationException($"sweep: found an unexpected failure ({Printable.Of(_fatal.Message)}), "
                    + $"expected finished runs; what is recorded stays ({outcome})", _fatal);
            if (recorded > 0 && _recordedIds.Except(stored()).Count() is > 0 and var missing)
                throw new ComputationException($"store: found {recorded - missing} of the {recorded} runs that were recorded in this "
                    + "session, expected all of them; look for a program that changed the file, and give the same command again");
            if (_progressFailure is not null)
                throw new ComputationException($"progress: found a failure of the caller ({Printable.Of(_progressFailure.Message)}), "
                    + $"expected none; {outcome}", _progressFailure);
            lock (_lock) return Progress();
        }

        /// <summary>The first pending run that fits into memory beside those under way; null when the work is over.</summary>
        private (SweepRun, ThreadBudget)? Next()
        {
            lock (_lock)
                while (true)
                {
                    var isOver = _abort.IsCancellationRequested || _stop.IsCancellationRequested || _fatal is not null;
                    if (_pending.Count == 0 || isOver) return null;
                    for (var node = _pending.First; node is not null; node = node.Next)
                    {
                        if (!_budget.TryTake(node.Value.Settings)) continue;
                        _pending.Remove(node);
                        _costPending -= node.Value.Cost;
                        _running[node.Value] = 0;
                        var threads = _cores.Begin(node.Value);
                        _cores.Divide(_pending.Count == 0);
                        return (node.Value, threads);
                    }
                    if (_running.Count + _finished.Count > 0) Monitor.Wait(_lock, 500);
                    else
                    {
                        _data.Clear(); // each fits alone: it is the data sets of runs gone by that are in the way
                        _budget.ReturnDataSets();
                    }
                }
        }

        private RunRecord Execute(SweepRun run, ThreadBudget threads)
        {
            var (started, clock) = (_options.Clock.GetUtcNow(), Stopwatch.GetTimestamp());
            try
            {
                var task = run.Settings.SharesDataSet ? _data.Of(run.Settings.PosedTask()) : null;
                TrainingRun Train(RunCheckpoints checkpoints) => TrainingRun.Execute(run.Settings, p => Report(run, p), task,
                    _options.Tracking, _backend, threads, checkpoints, _options.Generalisation?.For(run.Settings), _abort.Token);
                var kept = _checkpoints.Of(run, _backend.Kernels.Name);
                TrainingRun trained;
                try
                {
                    trained = Train(kept);
                }
                catch (InvalidInputException) when (kept.From is not null)
                {
                    _checkpoints.Drop(run.Id); // whatever it is of, the run itself needs none
                    trained = Train(_checkpoints.Of(run, _backend.Kernels.Name));
                }
                return RunRecord.Of(run, trained, started, Stopwatch.GetElapsedTime(clock), _options.KeepWeights);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever befalls one network, the others of a night go on.
                var reason = e switch
                {
                    EiRnnException => e.Message,
                    OutOfMemoryException => "memory: found too little for this run",
                    _ => $"unexpected {e.GetType().Name}: {e.Message}",
                };
                return RunRecord.Failure(run, reason, started, Stopwatch.GetElapsedTime(clock), _backend);
            }
        }

        /// <summary>
        /// Hands a finished run over and waits until it is recorded, so that few are lost when the process is killed. While another
        /// program has the store, it does not wait: the run keeps its share of memory until it is recorded, and the worker goes on with
        /// what memory is left.
        /// </summary>
        private void Finish(SweepRun run, RunRecord record)
        {
            lock (_lock)
            {
                _running.Remove(run);
                _cores.End(run);
                _cores.Divide(_pending.Count == 0);
                _finished.Enqueue(record);
                Monitor.PulseAll(_lock);
                while (!_busy && _fatal is null && _finished.Contains(record)) Monitor.Wait(_lock);
            }
        }

        /// <summary>The finished run that has waited longest; null when there is none and no worker is left.</summary>
        private RunRecord? First()
        {
            lock (_lock)
            {
                while (_finished.Count == 0 && Workers > 0) Monitor.Wait(_lock);
                return _finished.TryPeek(out var record) && _fatal is null ? record : null;
            }
        }

        private void Recorded()
        {
            lock (_lock)
            {
                var record = _finished.Dequeue();
                Count(record.Status);
                _recordedIds.Add(record.Run.Id);
                _checkpoints.Drop(record.Run.Id);
                (_costDone, _latest, _busy) = (_costDone + record.Run.Cost, record with { Network = null }, false);
                _budget.Return(record.Run.Settings);
                Monitor.PulseAll(_lock);
                ReportProgress();
            }
        }

        private void Wait()
        {
            lock (_lock)
            {
                _busy = true;
                Monitor.PulseAll(_lock);
                ReportProgress();
            }
            Thread.Sleep(100); // those who want to read get their turn
        }

        /// <summary>A caller that fails is not called again, and loses no run.</summary>
        private void ReportProgress()
        {
            try
            {
                _progress?.Invoke(Progress());
            }
            catch (Exception e)
            {
                (_progress, _progressFailure) = (null, e);
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
                ReportProgress();
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
            TimeSpan? timeLeft = pace > 0 ? TimeSpan.FromSeconds(Math.Min(left / pace, 1e9)) : null;
            return new SweepProgress(Total: _total, Done: _done, Diverged: _diverged, Failed: _failed, Recorded: _recordedIds.Count,
                Running: _running.Count, Elapsed: elapsed, Left: left == 0 ? TimeSpan.Zero : timeLeft, Latest: _latest)
            {
                Unrecorded = _busy ? _finished.Count : null, DamagedRows = DamagedRows, WithoutAnalyses = WithoutAnalyses,
                BesidePlan = BesidePlan,
            };
        }
    }
}

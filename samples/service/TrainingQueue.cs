using System.Collections.Concurrent;
using System.Globalization;
using EiRnnFast;
using EiRnnFast.Threads;

/// <summary>As many threads as cores, each of which trains one network at a time; a bounded queue before them; behind them, the last
/// trainings that are over.</summary>
internal sealed class TrainingQueue : IDisposable
{
    private readonly object _lock = new();
    private readonly LinkedList<TrainingJob> _waiting = [];
    private readonly int _places;
    private readonly ConcurrentDictionary<string, TrainingJob> _known = [];
    private readonly ConcurrentQueue<TrainingJob> _over = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eirnn-service-");
    private readonly Thread[] _workers;
    private readonly int _kept;
    private readonly ILogger<TrainingQueue> _log;
    private bool _isStopping;

    public TrainingQueue(IConfiguration configuration, ILogger<TrainingQueue> log)
    {
        _log = log;
        _kept = Number("Kept", 64);
        MostBytes = (long)Number("MostMegabytes", 1024) << 20;
        _places = Number("Queue", 16);
        _workers = [.. Enumerable.Range(1, Number("Workers", ThreadBudget.Cores))
            .Select(i => new Thread(Work) { Name = $"training worker {i}", IsBackground = true })];
        foreach (var worker in _workers) worker.Start();

        int Number(string name, int usual) => configuration[name] is not { } text ? usual
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000 ? number
            : throw InvalidInputException.Of(name, text, "a whole number, 1 to 1000000", "correct it");
    }

    /// <summary>Most memory of one training.</summary>
    public long MostBytes { get; }

    /// <summary>Takes a training in; false when the queue is full, or the service ends.</summary>
    public bool TryAdd(TrainingJob training)
    {
        lock (_lock)
        {
            if (_isStopping || _waiting.Count >= _places) return false;
            _known[training.Id] = training;
            _waiting.AddLast(training);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Cancels a training; one that waits gives its place away.</summary>
    public void Cancel(TrainingJob training)
    {
        training.Cancel();
        lock (_lock)
            if (!_waiting.Remove(training)) return;
        Forget(training);
    }

    public TrainingJob? Find(string id) => _known.GetValueOrDefault(id);

    /// <summary>Takes nothing more, and cancels what waits and what runs.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.PulseAll(_lock);
        }
        foreach (var training in _known.Values) training.Cancel();
    }

    /// <summary>Waits for the workers, and deletes the networks.</summary>
    public void Dispose()
    {
        Stop();
        foreach (var worker in _workers) worker.Join();
        _folder.Delete(recursive: true);
    }

    private void Work()
    {
        while (Next() is { } training)
        {
            training.Run(Path.Combine(_folder.FullName, $"{training.Id}.npz"), _log);
            Forget(training);
        }
    }

    /// <summary>The training that has waited longest; null when the service ends.</summary>
    private TrainingJob? Next()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_isStopping) Monitor.Wait(_lock);
            if (_waiting.First is not { } first) return null;
            _waiting.RemoveFirst();
            return first.Value;
        }
    }

    /// <summary>Of the trainings that are over, the last ones are kept.</summary>
    private void Forget(TrainingJob training)
    {
        _over.Enqueue(training);
        while (_over.Count > _kept && _over.TryDequeue(out var oldest))
        {
            _known.TryRemove(oldest.Id, out _);
            if (oldest.File is { } file) File.Delete(file);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using EiRnnFast;
using EiRnnFast.Threads;

/// <summary>As many threads as cores, each of which trains one network at a time; a bounded queue before them; behind them, the last
/// trainings that are over.</summary>
internal sealed class TrainingQueue : IDisposable
{
    private readonly BlockingCollection<TrainingJob> _waiting;
    private readonly ConcurrentDictionary<string, TrainingJob> _known = [];
    private readonly ConcurrentQueue<TrainingJob> _over = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eirnn-service-");
    private readonly Thread[] _workers;
    private readonly int _kept;
    private readonly ILogger<TrainingQueue> _log;
    private volatile bool _isStopping;

    public TrainingQueue(IConfiguration configuration, ILogger<TrainingQueue> log)
    {
        _log = log;
        _kept = Number("Kept", 64);
        MostBytes = (long)Number("MostMegabytes", 1024) << 20;
        _waiting = new BlockingCollection<TrainingJob>(Number("Queue", 16));
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
        _known[training.Id] = training;
        try
        {
            if (_waiting.TryAdd(training)) return true;
        }
        catch (InvalidOperationException) when (_isStopping) { }
        _known.TryRemove(training.Id, out _);
        return false;
    }

    public TrainingJob? Find(string id) => _known.GetValueOrDefault(id);

    /// <summary>Takes nothing more, and cancels what waits and what runs.</summary>
    public void Stop()
    {
        _isStopping = true;
        _waiting.CompleteAdding();
        foreach (var training in _known.Values) training.Cancel();
    }

    /// <summary>Waits for the workers, and deletes the networks.</summary>
    public void Dispose()
    {
        Stop();
        foreach (var worker in _workers) worker.Join();
        _waiting.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Work()
    {
        foreach (var training in _waiting.GetConsumingEnumerable())
        {
            training.Run(Path.Combine(_folder.FullName, $"{training.Id}.npz"), _log);
            _over.Enqueue(training);
            while (_over.Count > _kept && _over.TryDequeue(out var oldest))
            {
                _known.TryRemove(oldest.Id, out _);
                if (oldest.File is { } file) File.Delete(file);
            }
        }
    }
}

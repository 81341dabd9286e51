using System.Globalization;
using System.Runtime.InteropServices;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;
using EiRnnFast.Training;

namespace EiRnnFast.CAbi;

/// <summary>Where a training stands: <c>eirnn_progress</c> of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Progress
{
    public long Epoch, Epochs, Update, Updates;
    public double Loss, GradientNorm, Seconds, SecondsLeft;
}

/// <summary>Called after every finished epoch with where it stands and the network as it is, whose handle holds until this returns.
/// What is not 0 ends the training.</summary>
internal delegate bool AfterEpoch(in Progress progress, ulong network);

/// <summary>A training: its settings, and what came of it.</summary>
internal sealed class Run
{
    /// <summary>Settings of a run that are none of the network.</summary>
    private const string Seed = "seed", Threads = "threads", CheckpointPath = "checkpoint_file", CheckpointMinutes = "checkpoint_minutes";

    private readonly Dictionary<string, object> _values = [];
    private readonly Lock _lock = new();
    private Progress _progress;
    private volatile CancellationTokenSource? _cancel;
    private long? _seed;
    private int _threads = 1;
    private string? _checkpoint;
    private TimeSpan _interval = TimeSpan.FromMinutes(1);
    private ITask? _task;
    private StartingNetwork? _start;
    private CheckpointFile? _from;

    /// <summary>What came of it; null before.</summary>
    public Trained? Result { get; private set; }

    /// <summary>Where it stands, from any thread.</summary>
    public Progress Progress
    {
        get
        {
            lock (_lock) return _progress;
        }
    }

    /// <summary>Gives a setting by its text; null takes it back.</summary>
    public void Set(string name, string? text)
    {
        switch (name)
        {
            case Seed: _seed = text is null ? null : Whole(name, text); break;
            case Threads: _threads = text is null ? 1 : ThreadBudget.Checked((int)Math.Clamp(Whole(name, text), -1, int.MaxValue)); break;
            case CheckpointPath: _checkpoint = text; break;
            case CheckpointMinutes: _interval = Minutes(text ?? "1"); break;
            default:
                var known = SettingValues.NameOf(name) ?? name;
                if (text is null)
                {
                    if (!_values.Remove(known)) SettingValues.Check(known, ""); // an unknown name is refused
                    break;
                }
                var value = ValueOf(known, text);
                SettingValues.Check(known, value);
                _values[known] = value;
                break;
        }
    }

    public void Train(ITask task) => _task = task;

    /// <summary>Does something in which the caller's function may draw trials: after it that is never called.</summary>
    public void Drawing(Action work)
    {
        var task = _task as CallbackTask;
        try
        {
            task?.IsOpen = true;
            work();
        }
        finally
        {
            task?.IsOpen = false;
        }
    }

    public void StartFrom(EiRnn network) => _start = new StartingNetwork(network.Clone(), null, null);

    /// <summary>Goes on where a training was kept, with its settings; those given before say what changes.</summary>
    public void Resume(string path) => _from = CheckpointFile.Read(path);

    public void Cancel() => _cancel?.Cancel();

    /// <summary>What is asked for so far.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public RunSettings Settings()
    {
        if (_from is not null)
        {
            var kept = _from.Settings;
            var changed = _values.Keys.Where(name => name != "epochs").ToArray();
            if (changed.Length > 0 || _seed is not null || _task is not null || _start is not null)
                throw InvalidInputException.Of("resumed training", $"another {changed.FirstOrDefault() ?? "seed, task or network"}",
                    "its own settings; only epochs may be more", "leave it out");
            if (!_values.TryGetValue("epochs", out var epochs)) return kept;
            return RunSettings.From(new Dictionary<string, object>(kept.Values().Where(entry => entry.Key != "epochs")
                .Select(entry => KeyValuePair.Create(entry.Key, ContentOf(kept, entry))))
            { ["epochs"] = epochs }, kept.Seed);
        }
        var values = new Dictionary<string, object>(SettingFiles.Resolve(_values));
        if (_task is not null && !values.TryAdd(SettingTable.TaskFile, _task)) throw Twice("trials", SettingTable.TaskFile);
        if (_start is not null && !values.TryAdd(SettingTable.StartFile, _start))
            throw Twice("network to start from", SettingTable.StartFile);
        return RunSettings.From(values, _seed ?? new RunSettings().Seed);
    }

    /// <summary>Trains on the calling thread. A cancelled training keeps its last finished epoch.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Train(Backend backend, AfterEpoch? afterEpoch) => Drawing(() => TrainOpen(backend, afterEpoch));

    /// <summary>Refuses a file that holds something else than a training: it would be lost.</summary>
    private static void RequireReplaceable(string path)
    {
        if (!File.Exists(path)) return;
        try
        {
            CheckpointFile.Read(path);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(InvalidInputException.Of(CheckpointPath, $"'{SettingText.Cut(path)}', which is no checkpoint",
                "a new file, or a checkpoint to replace", "choose another name, or move the file away").Message, e);
        }
    }

    private void TrainOpen(Backend backend, AfterEpoch? afterEpoch)
    {
        using var cancel = new CancellationTokenSource();
        _cancel = cancel;
        try
        {
            var settings = Settings();
            if (_checkpoint is not null) RequireReplaceable(_checkpoint);
            var network = settings.CreateNetwork();
            var created = network.Clone();
            var checkpoints = new Checkpointing
            {
                From = _from?.Checkpoint, Stop = cancel.Token, KeepsEnds = _checkpoint is not null,
                Interval = _checkpoint is null ? TimeSpan.MaxValue : _interval,
                Save = checkpoint =>
                {
                    if (_checkpoint is null) return;
                    var file = new CheckpointFile(Backend.EngineVersion, settings, checkpoint, new Dictionary<string, NpyArray>());
                    file.Write(_checkpoint);
                },
            };
            var result = new Trainer(network, settings.PosedTask()).Run(settings.Training, Tell, backend.Kernels,
                afterEpoch is null ? null : (_, trained) => TellEpoch(afterEpoch, trained, cancel), threads: new ThreadBudget(_threads),
                checkpoints: checkpoints);
            Result = new Trained(settings, created, network, result);
            if (result.Stopped == StopReason.Interrupted) throw new OperationCanceledException();
        }
        finally
        {
            _cancel = null;
        }
    }

    private void Tell(TrainingProgress told)
    {
        var progress = new Progress
        {
            Epoch = told.Epoch, Epochs = told.Epochs, Update = told.Update, Updates = told.Updates, Loss = told.Loss,
            GradientNorm = told.GradientNorm, Seconds = told.Elapsed.TotalSeconds, SecondsLeft = told.Left.TotalSeconds,
        };
        lock (_lock) _progress = progress;
    }

    private void TellEpoch(AfterEpoch afterEpoch, EiRnn network, CancellationTokenSource cancel)
    {
        var handle = Handles.Add(network.Clone());
        try
        {
            if (afterEpoch(Progress, handle)) cancel.Cancel();
        }
        finally
        {
            Handles.Forget(handle);
        }
    }

    private static object ContentOf(RunSettings kept, KeyValuePair<string, object> entry) =>
        SettingTable.Get(entry.Key).Kind == SettingKind.File ? SettingFiles.Resolve(new Dictionary<string, object>([entry]))[entry.Key]
            : entry.Value;

    private static InvalidInputException Twice(string what, string setting) =>
        InvalidInputException.Of(what, $"also the setting {setting}", "one of the two", "leave out the other");

    private static long Whole(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : throw InvalidInputException.Of(name, SettingText.Shown(text), "a whole number", "correct the value");

    private static TimeSpan Minutes(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 0 and <= 1e6
            ? TimeSpan.FromMinutes(minutes)
            : throw InvalidInputException.Of(CheckpointMinutes, SettingText.Shown(text), "minutes, 0 to 1e6", "1 is usual");

    /// <summary>A text as the setting's kind has it; one of another kind stays text, and is refused with the words for it.</summary>
    private static object ValueOf(string name, string text)
    {
        var kind = name.Contains('.', StringComparison.Ordinal) ? SettingKind.Number : SettingTable.Find(name)?.Kind;
        var number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : (double?)null;
        return kind switch
        {
            SettingKind.Whole when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            SettingKind.Whole or SettingKind.Number when number is not null => number,
            SettingKind.Flag when text is "true" or "1" => true,
            SettingKind.Flag when text is "false" or "0" => false,
            _ => text,
        };
    }
}

/// <summary>A trained network.</summary>
/// <param name="Settings">What was asked for.</param>
/// <param name="Created">The network before its first update.</param>
/// <param name="Network">The network after its last finished epoch, or the best.</param>
/// <param name="Result">What the training did.</param>
internal sealed record Trained(RunSettings Settings, EiRnn Created, EiRnn Network, TrainingResult Result);

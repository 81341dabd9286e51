using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.Training;

/// <summary>Where the batches of a training come from, and the trials that it is judged on.</summary>
internal abstract class BatchSource
{
    /// <summary>Test trials, then validation trials.</summary>
    public abstract TrialBatch Kept { get; }

    /// <summary>Updates of an epoch.</summary>
    public abstract int Updates { get; }

    /// <summary>Most trials of an update.</summary>
    public abstract int MostTrials { get; }

    /// <summary>The source that the options ask for.</summary>
    public static BatchSource Of(ITask task, TrainingOptions options)
    {
        var seed = options.DataSeed ?? task.DefaultDataSeed;
        return options.Data == TrainingData.Fresh ? new FreshBatches(task, options, seed) : new FixedBatches(task, options, seed);
    }

    /// <summary>Begins an epoch.</summary>
    public abstract void StartEpoch(RandomStream shuffle);

    /// <summary>The trials of the next update: their data, and their places in it.</summary>
    /// <param name="update">Updates of this epoch done.</param>
    /// <param name="updatesDone">Updates of the training done.</param>
    public abstract (TrialBatch Data, ReadOnlyMemory<int> Trials) Next(int update, int updatesDone);

    /// <summary>A data set of the task, checked.</summary>
    private static TrialBatch Draw(ITask task, TrainingOptions options, int trials, uint seed)
    {
        var data = task.Generate(trials, seed);
        Required.Value(data, $"task '{task.Name}', trials", "those that it draws");
        data.Validate(task, trials);
        if (options.Loss == LossFunction.CrossEntropy) data.RequireProbabilities(task);
        return data.WithModestWeights();
    }

    /// <summary>The batch of one update; tasks of the catalogue need no check, and draw over an old batch.</summary>
    internal static TrialBatch DrawFresh(ITask task, TrainingOptions options, uint dataSeed, int update, TrialBatch? over)
    {
        var (trials, seed) = (options.BatchSize, FreshData.SeedOf(dataSeed, update));
        return task switch
        {
            CatalogTask known => known.Fresh(trials, seed, over),
            ChoiceTask posed => posed.Posed(posed.Task.Fresh(trials, seed, null)),
            _ => Draw(task, options, trials, seed),
        };
    }

    /// <summary>One data set, trained on in an order that every epoch draws (the published code).</summary>
    private sealed class FixedBatches : BatchSource
    {
        private readonly TrialBatch _data;
        private readonly TrainingOptions _options;
        private readonly int[] _order;

        public FixedBatches(ITask task, TrainingOptions options, uint seed)
        {
            var trials = options.Trials ?? task.DefaultTrials;
            options.RequireTrainingTrials(trials);
            (_data, _options) = (Draw(task, options, trials, seed), options);
            var kept = options.TestTrials + options.ValidationTrials;
            if (!_data.Weighs(kept, _data.Count))
                throw InvalidInputException.Of("training trials", $"no weight in any of the {_data.Count - kept} after the first {kept}",
                    "a target that weighs something", "give trials whose mask is above 0, or fewer catch trials");
            _order = [.. Enumerable.Range(kept, _data.Count - kept)];
            MostTrials = options.BatchOf(_order.Length);
            Updates = (_order.Length + MostTrials - 1) / MostTrials;
            Kept = kept == 0 ? _data : _data.Slice(0, kept);
        }

        public override TrialBatch Kept { get; }

        public override int Updates { get; }

        public override int MostTrials { get; }

        public override void StartEpoch(RandomStream shuffle)
        {
            if (_options.Shuffle) shuffle.Shuffle(_order);
        }

        public override (TrialBatch, ReadOnlyMemory<int>) Next(int update, int updatesDone)
        {
            var first = update * MostTrials;
            return (_data, _order.AsMemory(first, Math.Min(MostTrials, _order.Length - first)));
        }
    }

    /// <summary>A batch of its own for every update, drawn while the one before is computed.</summary>
    private sealed class FreshBatches : BatchSource
    {
        private readonly ITask _task;
        private readonly TrainingOptions _options;
        private readonly uint _seed;
        private readonly int[] _all;
        private (int Update, Task<TrialBatch> Drawn)? _ahead;
        private TrialBatch? _last;

        public FreshBatches(ITask task, TrainingOptions options, uint seed)
        {
            if (task is ArrayTask)
                throw InvalidInputException.Of("data fresh", $"given trials, '{task.Name}'", "a task that draws trials",
                    "leave out data, or choose a task of the catalogue");
            (_task, _options, _seed) = (task, options, seed);
            Kept = Draw(task, options, options.TestTrials + options.ValidationTrials, seed);
            _all = [.. Enumerable.Range(0, options.BatchSize)];
        }

        public override TrialBatch Kept { get; }

        public override int Updates => _options.EpochUpdates;

        public override int MostTrials => _options.BatchSize;

        public override void StartEpoch(RandomStream shuffle)
        {
        }

        public override (TrialBatch, ReadOnlyMemory<int>) Next(int update, int updatesDone)
        {
            var batch = _ahead is { } ahead && ahead.Update == updatesDone ? ahead.Drawn.GetAwaiter().GetResult()
                : DrawOf(updatesDone, null);
            var over = _last; // two batches take turns: this one is read while the other one is drawn
            _last = batch;
            _ahead = (updatesDone + 1, ThreadTeam.Beside(() => DrawOf(updatesDone + 1, over)));
            return (batch, _all);
        }

        private TrialBatch DrawOf(int update, TrialBatch? over) =>
            DrawFresh(_task, _options, _seed, update, over);
    }
}

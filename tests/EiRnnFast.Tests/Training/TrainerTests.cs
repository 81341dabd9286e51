using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class TrainerTests
{
    private static EiRnn Network(long seed = 1, SignConstraint? signs = null) =>
        EiRnn.Create(new NetworkSpec { Units = 20, Inputs = 2, Outputs = 1, Signs = signs ?? SignConstraint.Presynaptic(0.5) }, seed);

    private static readonly TrainingOptions s_short = new() { Epochs = 2, Trials = 50 + 200 };

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_every_kernel_set()
    {
        foreach (var set in KernelSet.Available)
        {
            EiRnn first = Network(), second = Network();
            var a = new Trainer(first, TaskCatalog.Get("and")).Run(s_short, kernels: set);
            var b = new Trainer(second, TaskCatalog.Get("and")).Run(s_short, kernels: set);
            Assert.Equal(a.Losses, b.Losses);
            Assert.Equal(first.RecurrentWeights.ToArray(), second.RecurrentWeights.ToArray());
        }
    }

    [Fact]
    public void Kernel_sets_agree_over_three_epochs()
    {
        var losses = KernelSet.Available.Select(set => new Trainer(Network(), TaskCatalog.Get("xor"))
            .Run(s_short with { Epochs = 3 }, kernels: set).Losses).ToArray();
        foreach (var other in losses.Skip(1))
            for (var epoch = 0; epoch < 3; epoch++) Assert.Equal(losses[0][epoch], other[epoch], 1e-4 * losses[0][epoch]);
    }

    [Fact]
    public void Epochs_are_counted_and_the_last_batch_may_be_smaller()
    {
        var updates = new List<TrainingProgress>();
        var result = new Trainer(Network(), TaskCatalog.Get("and")).Run(s_short with { BatchSize = 64 }, updates.Add);
        Assert.Equal((2, StopReason.Epochs, 2), (result.EpochsRun, result.Stopped, result.GradientNorms.Count));
        Assert.Equal(8, updates.Count); // 200 = 3·64 + 8
        Assert.Equal((4, 4), (updates[3].Update, updates[3].Updates));
        Assert.Equal(result.Losses[0], updates[3].Loss);
        Assert.Equal(TimeSpan.Zero, updates[^1].Left);
    }

    [Fact]
    public void The_epoch_loss_is_the_mean_over_trials()
    {
        // One epoch at a learning rate too small to move anything: the mean over trials of a fixed network's loss.
        var network = Network(signs: SignConstraint.None);
        var result = new Trainer(network, TaskCatalog.Get("and")).Run(s_short with { Epochs = 1, LearningRate = 1e-30 });
        var data = TaskCatalog.Get("and").Generate(250, 3).Slice(50, 200);
        Assert.Equal(new NaiveModel(network).Loss(data), result.Losses[0], 1e-6 * result.Losses[0]);
    }

    [Fact]
    public void Training_stops_below_the_stop_loss()
    {
        var result = new Trainer(Network(), TaskCatalog.Get("and")).Run(s_short with { Epochs = 9, StopLoss = 10 });
        Assert.Equal((1, StopReason.Loss), (result.EpochsRun, result.Stopped));
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(1e6)]
    [InlineData(1e38)]
    public void A_diverging_run_says_where_and_keeps_the_last_finite_epoch(double rate)
    {
        var network = Network();
        var before = network.RecurrentWeights.ToArray();
        var result = new Trainer(network, TaskCatalog.Get("and")).Run(s_short with { LearningRate = rate });
        Assert.Equal(StopReason.Diverged, result.Stopped);
        Assert.InRange(result.DivergedAtUpdate!.Value, 1, 5);
        Assert.Equal((0, null), (result.EpochsRun, result.FinalLoss));
        Assert.Equal(before, network.RecurrentWeights.ToArray());
    }

    [Fact]
    public void A_cancelled_run_throws_and_keeps_the_last_finished_epoch()
    {
        using var cancel = new CancellationTokenSource();
        var network = Network();
        var before = network.RecurrentWeights.ToArray();
        Assert.Throws<OperationCanceledException>(() =>
            new Trainer(network, TaskCatalog.Get("and")).Run(s_short, _ => cancel.Cancel(), cancellation: cancel.Token));
        Assert.Equal(before, network.RecurrentWeights.ToArray());
    }

    [Fact]
    public void Per_tensor_clipping_limits_each_tensor_by_itself()
    {
        // With β₁ = β₂ = 0 Adam's first moment after one update is the clipped gradient itself.
        var network = Network();
        var batch = RandomTrials.Draw(2, 4, 10, 2, 1, masked: false);
        double Clipped(GradientClipping clipping, Func<ParameterLayout, Range> tensor)
        {
            var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, KernelSet.Scalar);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            new BatchGradient(workspace, batch, network, new TrainingOptions()).Compute([0, 1, 2, 3]);
            var optimizer = new Optimizer(workspace, network.Spec,
                new TrainingOptions { Beta1 = 0, Beta2 = 0, Clipping = clipping, ClipNorm = 0.05 });
            optimizer.Update(optimizer.GradientNorm());
            return Math.Sqrt(workspace.Kernels.SumOfSquares(workspace.Mean.Span[tensor(workspace.Layout)]));
        }
        Assert.Equal(0.05, Clipped(GradientClipping.PerTensor, layout => layout.WRec), 1e-6);
        Assert.Equal(0.05, Clipped(GradientClipping.PerTensor, layout => layout.WOut), 1e-6);
        Assert.Equal(0.05, Clipped(GradientClipping.Global, layout => new Range(0, (int)layout.Length)), 1e-6);
        Assert.True(Clipped(GradientClipping.Global, layout => layout.WRec) < 0.049);
        Assert.True(Clipped(GradientClipping.None, layout => layout.WOut) > 0.06);
    }

    /// <summary>A task of one's own that may not draw what it says.</summary>
    private sealed class OwnTask(Func<int, TrialBatch> draw) : ITask
    {
        public string Name => "own";
        public int Inputs => 2;
        public int Outputs => 1;
        public int Steps => 8;
        public int DefaultTrials => 60;
        public TrialBatch Generate(int trials, uint dataSeed) => draw(trials);
    }

    [Fact]
    public void A_task_of_ones_own_is_trained_and_one_that_draws_something_else_is_refused()
    {
        static TrialBatch Draw(int trials, int steps = 8, int inputs = 2) => RandomTrials.Draw(1, trials, steps, inputs, 1, masked: true);
        var options = new TrainingOptions { Epochs = 1 };
        Assert.Equal(1, new Trainer(Network(), new OwnTask(trials => Draw(trials))).Run(options).EpochsRun);
        var damaged = new Func<int, TrialBatch>[]
        {
            trials => Draw(trials - 1), trials => Draw(trials, steps: 9), trials => Draw(trials, inputs: 1),
            trials => Change(Draw(trials), batch => batch.X[3] = float.NaN), trials =>
                Change(Draw(trials), batch => batch.Y[3] = float.PositiveInfinity),
            trials => Change(Draw(trials), batch => batch.Mask![3] = -1),
            trials => new TrialBatch { Count = trials, Steps = 8, Inputs = 2, Outputs = 1, X = new float[5], Y = new float[trials * 8] },
            trials => new TrialBatch { Count = trials, Steps = 8, Inputs = 2, Outputs = 1, X = new float[trials * 16],
                Y = new float[trials * 8], Mask = [1] },
        };
        foreach (var draw in damaged)
            Assert.StartsWith("task 'own', ",
                Assert.Throws<InvalidInputException>(() => new Trainer(Network(), new OwnTask(draw)).Run(options)).Message,
                StringComparison.Ordinal);

        static TrialBatch Change(TrialBatch batch, Action<TrialBatch> change)
        {
            change(batch);
            return batch;
        }
    }

    [Fact]
    public void Bad_settings_are_refused()
    {
        var trainer = new Trainer(Network(), TaskCatalog.Get("and"));
        foreach (var bad in new[]
        {
            s_short with { Epochs = 0 }, s_short with { BatchSize = 0 }, s_short with { LearningRate = double.NaN },
            s_short with { LearningRate = 0 },
            s_short with { Trials = 50 }, s_short with { ClipNorm = 0 }, s_short with { Beta1 = 1 }, s_short with { Epsilon = 0 },
            s_short with { TestTrials = 0 },
        })
            Assert.Throws<InvalidInputException>(() => trainer.Run(bad));
        var odd = EiRnn.Create(new NetworkSpec { Units = 5, Inputs = 3, Outputs = 1 }, 1);
        Assert.Throws<InvalidInputException>(() => new Trainer(odd, TaskCatalog.Get("and")));
    }
}

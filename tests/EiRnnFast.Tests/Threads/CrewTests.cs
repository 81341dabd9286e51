using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Threads;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Threads;

/// <summary>A training on several threads gives the bits of one thread, whatever the network, its options and its size.</summary>
public sealed class CrewTests
{
    private static readonly int[] s_threads = [2, 3, 7];

    private static readonly TrainingOptions s_short = new()
    {
        Epochs = 2, BatchSize = 16, TestTrials = 10, ValidationTrials = 7, LearningRate = 1e-3, StopLoss = 0,
    };

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var set in KernelSet.Available)
            foreach (var name in Networks.Keys) cases.Add(set.Name, name);
        return cases;
    }

    public static TheoryData<string, int> Sizes()
    {
        var cases = new TheoryData<string, int>();
        foreach (var set in KernelSet.Available)
            foreach (var units in set == KernelSet.Scalar ? [33] : new[] { 2, 8, 33, 60, 258, 260, 300, 511 }) cases.Add(set.Name, units);
        return cases;
    }

    private static NetworkSpec Plain(int units, int outputs = 2) => new()
    {
        Units = units, Inputs = 3, Outputs = outputs, Init = RecurrentInit.Normal(1.1), Signs = SignConstraint.Presynaptic(0.6),
    };

    private static CellSpec Leaky(CellForm form, Activation activation) => new()
    {
        Form = form, Activation = activation, Alpha = 0.3, Noise = 0.1, InputNoise = 0.05, InitialState = 0.1,
    };

    /// <summary>Networks and options; 43 units have a fringe with AVX2, 19 units with AVX-512.</summary>
    private static Dictionary<string, (NetworkSpec Spec, TrainingOptions Options)> Networks { get; } = new()
    {
        ["fixed sharing"] = (Plain(43), s_short),
        ["no sharing"] = (Plain(43), s_short with { Sharing = false }),
        ["sgd"] = (Plain(43), s_short with { Optimizer = OptimizerKind.Sgd, WeightDecay = 1e-3, Nesterov = true }),
        ["rate, noise"] = (Plain(43) with { Cell = Leaky(CellForm.Rate, Activation.Relu) }, s_short),
        ["voltage, noise"] = (Plain(67) with { Cell = Leaky(CellForm.Voltage, Activation.Softplus) }, s_short),
        ["rate, shared"] = (Plain(43) with { Cell = new CellSpec { Alpha = 0.4, TrainInitialState = true } }, s_short),
        ["voltage, shared"] = (Plain(19) with
        {
            Cell = new CellSpec { Alpha = 0.4, Form = CellForm.Voltage, Activation = Activation.Softplus, TrainInitialState = true },
        }, s_short),
        ["softplus"] = (Plain(43) with { Cell = new CellSpec { Activation = Activation.Softplus } }, s_short),
        ["magnitude"] = (Plain(43) with { Signs = SignConstraint.Presynaptic(0.6) with { Mode = SignMode.Magnitude } }, s_short),
        ["rectified, mask"] = (Plain(43) with
        {
            Signs = SignConstraint.Presynaptic(0.6) with { Mode = SignMode.Rectified },
            Wiring = new Wiring { Density = 0.5, Autapses = false },
        }, s_short with { Frozen = [NetworkTensor.InputWeights] }),
        ["penalties"] = (Plain(43) with { Cell = new CellSpec { Alpha = 0.5 } },
            s_short with { Penalties = new Penalties { L2Rate = 0.1, L2Recurrent = 0.01, L1Recurrent = 1e-3 } }),
        ["terms"] = (Plain(43) with { Cell = new CellSpec { Alpha = 0.5 } }, s_short with { Terms = [new MeanRate()] }),
        ["cross-entropy"] = (Plain(43, 3), s_short with { Loss = LossFunction.CrossEntropy, Clipping = GradientClipping.PerTensor }),
        ["curriculum"] = (Plain(43), s_short with { Epochs = 3, Curriculum = [new CurriculumStage(Given(2, 12)) { Loss = 1e3 }] }),
        ["large batch"] = (Plain(43), s_short with { BatchSize = 300, Epochs = 3 }), // a block of one step
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_number_of_threads_gives_the_same_bits(string set, string name)
    {
        var (spec, options) = Networks[name];
        var trials = name == "large batch" ? 340 : 57;
        AssertSame(spec, options, Given(spec.Outputs, 9, trials, options.Loss == LossFunction.CrossEntropy), set, s_threads);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_size_gives_the_same_bits(string set, int units) =>
        AssertSame(Plain(units), s_short with { Epochs = 1 }, Given(2, 13), set, [2, 5]);

    [Fact]
    public void Threads_may_change_between_updates()
    {
        var (spec, options) = Networks["fixed sharing"];
        var task = Given(2, 9);
        var (expected, network) = Train(spec, options, task, KernelSet.Current, new ThreadBudget());
        var budget = new ThreadBudget { IsForced = true };
        var other = EiRnn.Create(spec, 5);
        var updates = 0;
        var result = new Trainer(other, task).Run(options, _ => budget.Threads = 1 + ++updates % 4, threads: budget);
        Assert.True(updates > 4);
        AssertSame(expected, network, result, other);
    }

    [Fact]
    public void Small_networks_keep_to_one_thread_and_large_ones_take_as_many_as_have_work()
    {
        Assert.Equal(1, ThreadBudget.For(255, 8, 8));
        Assert.Equal(2, ThreadBudget.For(256, 8, 2));
        Assert.Equal(10, ThreadBudget.For(256, 8, 64));
        Assert.Equal(20, ThreadBudget.For(500, 8, 64));
        Assert.Equal(10, ThreadBudget.For(500, 16, 64));
        Assert.Equal(41, ThreadBudget.For(1000, 8, 4096));
        Assert.Equal(7, ThreadBudget.For(1000, 8, 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(4097)]
    public void Numbers_that_are_no_threads_are_refused(int threads)
    {
        var thrown = Assert.Throws<InvalidInputException>(() => new ThreadBudget(threads));
        Assert.Contains($"threads: found {threads}, expected 1 to 4096", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_hold_every_column_once_and_cost_about_the_same()
    {
        foreach (var set in KernelSet.Available)
            foreach (var units in new[] { 2, 7, 8, 9, 50, 256, 258, 300, 500, 512, 1000 })
                for (var members = 1; members <= 70; members = members * 3 / 2 + 1)
                {
                    var (width, at) = (set.PadUnits(units), 0);
                    var shares = set.Divide(units, members);
                    Assert.Equal(members, shares.Length);
                    foreach (var share in shares)
                    {
                        Assert.Equal(at, share.First);
                        Assert.Equal(0, share.First % set.LaneWidth);
                        at = share.End(width);
                    }
                    Assert.Equal(width, at);
                    var most = shares.Max(share => Math.Min(units, share.End(width)) - share.First);
                    Assert.InRange(most, 1, (units + members - 1) / members + 2 * set.LaneWidth);
                }
    }

    [Fact]
    public void A_cancelled_training_on_several_threads_ends()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new Trainer(EiRnn.Create(Plain(43), 5), Given(2, 9)).Run(s_short,
            _ => cancel.Cancel(), threads: new ThreadBudget(3) { IsForced = true }, cancellation: cancel.Token));
    }

    /// <summary>Random trials, some of which begin alike, so that they share states.</summary>
    private static ArrayTask Given(int outputs, int steps, int count = 57, bool areProbabilities = false)
    {
        var drawn = areProbabilities ? RandomTrials.Probabilities(3, count, steps, 3, outputs, masked: true)
            : RandomTrials.Draw(3, count, steps, 3, outputs, masked: true);
        for (var trial = 1; trial < count; trial++)
            if (trial % 4 != 0)
                drawn.InputsOf(trial - 1)[..(3 * (trial * 5 % steps))].CopyTo(drawn.X.AsSpan(trial * steps * 3));
        return new ArrayTask("given", drawn);
    }

    private static void AssertSame(NetworkSpec spec, TrainingOptions options, ArrayTask task, string set, int[] threads)
    {
        var kernels = KernelSet.Get(set);
        var (expected, network) = Train(spec, options, task, kernels, new ThreadBudget());
        foreach (var number in threads)
        {
            var (result, other) = Train(spec, options, task, kernels, new ThreadBudget(number) { IsForced = true });
            AssertSame(expected, network, result, other);
        }
    }

    private static (TrainingResult, EiRnn) Train(NetworkSpec spec, TrainingOptions options, ArrayTask task, KernelSet kernels,
        ThreadBudget threads)
    {
        var network = EiRnn.Create(spec, 5);
        return (new Trainer(network, task).Run(options, kernels: kernels, threads: threads), network);
    }

    private static void AssertSame(TrainingResult expected, EiRnn network, TrainingResult result, EiRnn other)
    {
        Assert.Equal(StopReason.Epochs, result.Stopped);
        Assert.Equal(expected.Losses, result.Losses);
        Assert.Equal(expected.TaskLosses, result.TaskLosses);
        Assert.Equal(expected.GradientNorms, result.GradientNorms);
        Assert.Equal(expected.ValidationLosses, result.ValidationLosses);
        Assert.Equal(expected.TestOutputs, result.TestOutputs);
        Assert.Equal(expected.StatesSaved, result.StatesSaved);
        Assert.Equal(network.InputWeights.ToArray(), other.InputWeights.ToArray());
        Assert.Equal(network.TrainedRecurrentWeights.ToArray(), other.TrainedRecurrentWeights.ToArray());
        Assert.Equal(network.Bias.ToArray(), other.Bias.ToArray());
        Assert.Equal(network.OutputWeights.ToArray(), other.OutputWeights.ToArray());
        Assert.Equal(network.OutputBias.ToArray(), other.OutputBias.ToArray());
        Assert.Equal(network.InitialState.ToArray(), other.InitialState.ToArray());
    }

    private sealed class MeanRate : ILossTerm
    {
        public double Add(in UpdateView update)
        {
            var sum = 0.0;
            for (var i = 0; i < update.Rates.Length; i++)
            {
                sum += update.Rates[i] / update.Rates.Length;
                update.RateGradient[i] += 1f / update.Rates.Length;
            }
            for (var i = 0; i < update.Readout.Length; i++) update.ReadoutGradient[i] += update.Readout[i] * 1e-3f;
            return sum;
        }
    }
}

using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Optimisers, schedules, weight decay and penalties against double precision, step by step.</summary>
public sealed class OptimizerTests
{
    private const int Steps = 6, UpdatesPerEpoch = 2;

    private static readonly Dictionary<string, Penalties> s_penalties = new()
    {
        ["none"] = Penalties.None, ["rates"] = new Penalties { L2Rate = 0.4 },
        ["weights"] = new Penalties { L1Recurrent = 2e-3, L2Recurrent = 3e-3 },
        ["all"] = new Penalties { L2Rate = 0.4, L1Recurrent = 2e-3, L2Recurrent = 3e-3, CostWeight = 1e-3, Cost = Costs(9) },
    };

    /// <summary>Every loss with every penalty, optimiser, schedule, sign mode and mask; the clippings take turns.</summary>
    public static TheoryData<LossFunction, string, OptimizerKind, bool, LearningRateSchedule, SignMode, bool, GradientClipping> Cases()
    {
        var cases = new TheoryData<LossFunction, string, OptimizerKind, bool, LearningRateSchedule, SignMode, bool, GradientClipping>();
        var clippings = Enum.GetValues<GradientClipping>();
        var optimizers = new[] { (OptimizerKind.Adam, false), (OptimizerKind.Sgd, false), (OptimizerKind.Sgd, true) };
        foreach (var loss in new[] { LossFunction.MeanSquare, LossFunction.CrossEntropy })
            foreach (var penalties in s_penalties.Keys)
                foreach (var (kind, nesterov) in optimizers)
                    foreach (var schedule in Enum.GetValues<LearningRateSchedule>())
                        foreach (var mode in Enum.GetValues<SignMode>())
                            foreach (var masked in new[] { false, true })
                                cases.Add(loss, penalties, kind, nesterov, schedule, mode, masked,
                                    clippings[cases.Count % clippings.Length]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_are_those_of_the_equations(LossFunction loss, string penalties, OptimizerKind kind, bool nesterov,
        LearningRateSchedule schedule, SignMode mode, bool masked, GradientClipping clipping)
    {
        var options = new TrainingOptions
        {
            Optimizer = kind, Nesterov = nesterov, Momentum = 0.8, Schedule = schedule, Decay = 0.1, ScheduleFactor = 0.5,
            ScheduleEpochs = 1, Epochs = 4, LearningRate = 0.02, WeightDecay = 0.3, Clipping = clipping, ClipNorm = 0.05,
            Frozen = [NetworkTensor.Bias], Penalties = s_penalties[penalties], Loss = loss,
        };
        var spec = new NetworkSpec
        {
            Units = 9, Inputs = 2, Outputs = 2, Signs = SignConstraint.Presynaptic(0.6) with { Mode = mode, NonNegativeOutput = true },
            Init = RecurrentInit.Normal(0.7), Wiring = masked ? new Wiring { Density = 0.8, Autapses = false } : Wiring.Full,
            Cell = new CellSpec { Alpha = 0.5, Activation = Activation.Softplus },
        };
        var batch = loss == LossFunction.CrossEntropy ? RandomTrials.Probabilities(4, 5, 12, 2, 2, masked: true)
            : RandomTrials.Draw(4, 5, 12, 2, 2, masked: true);
        foreach (var set in KernelSet.Available)
        {
            var network = EiRnn.Create(spec, 3);
            var oracle = new NaiveOptimizer(network, options, UpdatesPerEpoch);
            var workspace = new TrainingWorkspace(options.SpecFor(spec), batch.Steps, batch.Count, set);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            var gradient = new BatchGradient(workspace, batch, network, options);
            var optimizer = new Optimizer(workspace, spec, options, UpdatesPerEpoch);
            for (var step = 0; step < Steps; step++)
            {
                var found = gradient.Compute([.. Enumerable.Range(0, batch.Count)]);
                var (expected, expectedTask) = oracle.Step(batch);
                Assert.Equal(expected, found, 1e-5 * expected);
                Assert.Equal(expectedTask, gradient.TaskLoss, 1e-5 * expectedTask);
                optimizer.Update(optimizer.GradientNorm());
            }
            workspace.Layout.CopyTo(workspace.Parameters.Span, network);
            float[][] tensors = [network.InputWeights.ToArray(), network.TrainedRecurrentWeights.ToArray(), network.Bias.ToArray(),
                network.OutputWeights.ToArray(), network.OutputBias.ToArray()];
            for (var tensor = 0; tensor < 5; tensor++)
                for (var i = 0; i < tensors[tensor].Length; i++)
                    Assert.True(Math.Abs(oracle.Tensors[tensor][i] - tensors[tensor][i]) <= 2e-5, $"{set.Name} {tensor}[{i}]: "
                        + $"{tensors[tensor][i]}, double {oracle.Tensors[tensor][i]}");
            Assert.Equal(0, SignAudit.Of(network).Violations);
        }
    }

    [Fact]
    public void Gradients_of_penalties_are_central_differences()
    {
        foreach (var form in Enum.GetValues<CellForm>())
        {
            var spec = new NetworkSpec
            {
                Units = 5, Inputs = 2, Outputs = 1, Init = RecurrentInit.Normal(),
                Cell = new CellSpec { Alpha = 0.4, Form = form, TrainInitialState = true },
            };
            var penalties = new Penalties { L2Rate = 0.4, L1Recurrent = 0.1, L2Recurrent = 0.2, CostWeight = 0.05, Cost = Costs(5) };
            var model = new NaiveModel(EiRnn.Create(spec, 2)) { Penalties = penalties };
            var batch = RandomTrials.Draw(5, 2, 6, 2, 1, masked: false);
            var gradients = model.Gradients(batch);
            for (var tensor = 0; tensor < gradients.Length; tensor++)
                for (var i = 0; i < gradients[tensor].Length; i++)
                {
                    ref var weight = ref model.Tensors[tensor][i];
                    var kept = weight;
                    weight = kept + 1e-5;
                    var above = model.Loss(batch);
                    weight = kept - 1e-5;
                    var below = model.Loss(batch);
                    weight = kept;
                    Assert.Equal((above - below) / 2e-5, gradients[tensor][i], 1e-7);
                }
        }
    }

    private static WiringCost Costs(int units) => new([.. Enumerable.Range(0, units * units).Select(k => 0.1f * (k % 7))]);
}

using CsCheck;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class SignConstraintTests
{
    /// <summary>
    /// Random sizes, fractions or sign vectors, axes, kernel sets and learning rates: after any number of updates no sign is wrong,
    /// and a zero is +0.
    /// </summary>
    [Fact]
    public void No_weight_ever_has_the_wrong_sign_after_an_update() => Gen.Select(
        Gen.Int[2, 70], Gen.Double[0, 1], Gen.OneOfConst(SignAxis.Presynaptic, SignAxis.Postsynaptic), Gen.Int[1, 12], Gen.Int[0, 1000],
        Gen.Bool, Gen.OneOfConst(1e-4, 1e-2, 0.5))
        .Sample((units, excitatory, axis, updates, seed, vector, rate) =>
        {
            var random = new Random(seed);
            var signs = vector ? SignConstraint.FromSigns(axis,
                [.. Enumerable.Range(0, units).Select(_ => random.NextDouble() < excitatory ? 1 : -1)])
                : axis == SignAxis.Presynaptic ? SignConstraint.Presynaptic(excitatory) : SignConstraint.Postsynaptic(excitatory);
            var spec = new NetworkSpec { Units = units, Inputs = 2, Outputs = 1, Signs = signs, Init = RecurrentInit.Normal() };
            var network = EiRnn.Create(spec, seed);
            var kernels = KernelSet.Available[seed % KernelSet.Available.Count];
            var batch = RandomTrials.Draw(seed, 3, 6, 2, 1, masked: false);
            var workspace = new TrainingWorkspace(spec, batch.Steps, batch.Count, kernels);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            var gradient = new BatchGradient(workspace, batch, network, new TrainingOptions());
            var optimizer = new Optimizer(workspace, spec, new TrainingOptions { LearningRate = rate });
            int[] unitSigns = signs.SignsOf(units);
            for (var update = 0; update < updates; update++)
            {
                gradient.Compute([0, 1, 2]);
                optimizer.Update(optimizer.GradientNorm());
                workspace.Layout.CopyTo(workspace.Parameters.Span, network);
                for (var i = 0; i < units; i++)
                    for (var j = 0; j < units; j++)
                    {
                        var weight = network.RecurrentWeights[i * units + j];
                        var allowed = unitSigns[axis == SignAxis.Presynaptic ? i : j];
                        Assert.True(weight * allowed >= 0, $"W[{i},{j}] = {weight}");
                        if (weight == 0) Assert.False(float.IsNegative(weight));
                    }
                foreach (var weight in network.InputWeights) Assert.True(weight >= 0 && !float.IsNegative(weight));
                Assert.Equal(0, SignAudit.Of(network).Violations);
            }
        }, iter: 300);

    [Fact]
    public void The_first_update_zeroes_about_half_of_the_weights_and_the_audit_counts_them()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 100, Inputs = 2, Outputs = 1 }, 1);
        Assert.True(SignAudit.Of(network).Violations > 4000); // as created nothing is projected
        new Trainer(network, EiRnnFast.Tasks.TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1, Trials = 60, BatchSize = 64 });
        var audit = SignAudit.Of(network);
        Assert.Equal((0, 0, 0), (audit.Violations, audit.ZeroRows, audit.ZeroColumns));
        Assert.InRange(audit.ZeroFraction, 0.45, 0.55);
        network.RecurrentWeights[..100].Clear();
        Assert.Equal(1, SignAudit.Of(network).ZeroRows);
        network.RecurrentWeights[205] = 1; // an inhibitory unit's row
        Assert.Equal(1, SignAudit.Of(network).Violations);
    }

    [Fact]
    public void Input_weights_are_free_when_the_switch_is_off()
    {
        var spec = new NetworkSpec
        {
            Units = 30, Inputs = 2, Outputs = 1,
            Signs = SignConstraint.Presynaptic(0.5) with { NonNegativeInput = false }
        };
        var network = EiRnn.Create(spec, 1);
        new Trainer(network, EiRnnFast.Tasks.TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1, Trials = 100 });
        Assert.Contains(network.InputWeights.ToArray(), w => w < 0);
        Assert.Equal(0, SignAudit.Of(network).Violations);
    }
}

using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>A large gradient that is finite is clipped and trained on, by every kernel set alike.</summary>
public sealed class LargeGradientTests
{
    public static TheoryData<string> Sets => [.. KernelSet.Available.Select(set => set.Name)];

    private static EiRnn Network(double scale = 1)
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 20, Inputs = 2, Outputs = 1, Init = RecurrentInit.Normal(0.5) }, 1);
        foreach (ref var weight in network.OutputWeights) weight = (float)(weight * scale);
        return network;
    }

    /// <summary>Gradients of about 1e16 to 1e35: through W_out they grow with its square.</summary>
    [Theory, MemberData(nameof(Sets))]
    public void A_gradient_whose_square_leaves_single_precision_is_clipped(string name)
    {
        foreach (var scale in new[] { 1e8, 1e11, 1e14, 1e17 })
        {
            var network = Network(scale);
            var before = network.RecurrentWeights.ToArray();
            var options = new TrainingOptions
            {
                Epochs = 2, Trials = 60, BatchSize = 10, DivergenceLoss = double.MaxValue,
                LearningRate = 1e-3
            };
            var result = new Trainer(network, TaskCatalog.Get("and")).Run(options, kernels: KernelSet.Get(name));
            Assert.Equal(StopReason.Epochs, result.Stopped);
            Assert.True(result.GradientNorms[0] > scale, $"{scale:g}: {result.GradientNorms[0]:g}");
            // Adam's first step is the learning rate in every weight with a gradient, however it is scaled.
            Assert.Contains(network.RecurrentWeights.ToArray().Zip(before), pair => pair.First != 0
                && Math.Abs(pair.First - pair.Second) > 5e-4);
        }
    }

    [Fact]
    public void All_sets_report_the_same_norms_of_large_gradients()
    {
        var options = new TrainingOptions { Epochs = 1, Trials = 60, BatchSize = 10, DivergenceLoss = double.MaxValue };
        double[] norms = [.. KernelSet.Available.Select(set => new Trainer(Network(1e14), TaskCatalog.Get("and")).Run(options,
            kernels: set).GradientNorms[0])];
        Assert.All(norms, norm => Assert.Equal(1, norm / norms[^1], 1e-3));
    }

    [Theory, MemberData(nameof(Sets))]
    public void Without_clipping_a_gradient_beyond_the_second_moment_is_a_divergence(string name)
    {
        var options = new TrainingOptions
        {
            Epochs = 1, Trials = 60, BatchSize = 10, DivergenceLoss = double.MaxValue,
            Clipping = GradientClipping.None
        };
        var result = new Trainer(Network(1e14), TaskCatalog.Get("and")).Run(options, kernels: KernelSet.Get(name));
        Assert.Equal((StopReason.Diverged, 1), (result.Stopped, result.DivergedAtUpdate));
        Assert.All(Network(1e14).RecurrentWeights.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>ε = 1e-50 is 0 in single precision, and 0/0 where a weight has had no gradient.</summary>
    [Fact]
    public void Settings_that_vanish_or_overflow_in_single_precision_are_refused()
    {
        foreach (var bad in new[] { new TrainingOptions { Epsilon = 1e-50 }, new TrainingOptions { Epsilon = 1e39 },
            new TrainingOptions { LearningRate = 1e39 } })
            Assert.Throws<InvalidInputException>(bad.Validate);
    }
}

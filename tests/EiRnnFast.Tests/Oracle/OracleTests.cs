using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Oracle;

public sealed class OracleTests
{
    [Theory]
    [InlineData(2, 1, 1, 1, 3, false)]
    [InlineData(4, 2, 1, 3, 6, true)]
    [InlineData(5, 3, 2, 2, 7, true)]
    [InlineData(6, 1, 3, 2, 5, false)]
    public void The_oracles_gradients_are_central_differences(int units, int inputs, int outputs, int trials, int steps, bool masked)
    {
        var model = new NaiveModel(Network(units, inputs, outputs, 11));
        var batch = RandomTrials.Draw(5, trials, steps, inputs, outputs, masked);
        var gradients = model.Gradients(batch);
        for (var tensor = 0; tensor < gradients.Length; tensor++)
            for (var i = 0; i < gradients[tensor].Length; i++)
            {
                const double step = 1e-5;
                ref var weight = ref model.Tensors[tensor][i];
                var kept = weight;
                weight = kept + step;
                var above = model.Loss(batch);
                weight = kept - step;
                var below = model.Loss(batch);
                weight = kept;
                Assert.Equal((above - below) / (2 * step), gradients[tensor][i], 1e-7);
            }
    }

    public static TheoryData<string, int, int, int, int, int, bool> Shapes()
    {
        var shapes = new TheoryData<string, int, int, int, int, int, bool>();
        foreach (var set in KernelSet.Available)
            foreach (var (units, inputs, outputs, trials, steps, masked) in new[]
            {
                (2, 1, 1, 1, 1, false), (3, 2, 1, 5, 9, true), (15, 1, 2, 8, 20, true), (16, 2, 1, 9, 12, false), (17, 3, 3, 7, 33, true),
                (48, 2, 1, 16, 15, false), (49, 5, 1, 3, 40, true), (64, 2, 1, 10, 30, false), (100, 2, 1, 13, 50, true),
                (130, 2, 1, 6, 20, false), (257, 1, 1, 4, 12, true),
                // sizes with a fringe, more rows than one of its blocks, rows long enough to be copied, widths of a multiple of 256
                (12, 2, 1, 5, 9, false), (18, 3, 2, 70, 6, true), (24, 2, 1, 7, 20, false), (50, 2, 1, 66, 8, true),
                (200, 2, 3, 5, 9, false),
                (256, 2, 1, 9, 6, true), (264, 2, 1, 70, 7, false), (512, 1, 2, 3, 5, true),
            })
                shapes.Add(set.Name, units, inputs, outputs, trials, steps, masked);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_set_gives_the_oracles_loss_and_gradients(string set, int units, int inputs, int outputs, int trials, int steps,
        bool masked)
    {
        var network = Network(units, inputs, outputs, 3);
        var batch = RandomTrials.Draw(9, trials, steps, inputs, outputs, masked);
        var (loss, gradients) = Engine(network, batch, KernelSet.Get(set));
        var oracle = new NaiveModel(network);
        Assert.Equal(oracle.Loss(batch), loss, 2e-6 * oracle.Loss(batch));
        var expected = oracle.Gradients(batch);
        string[] names = ["W_in", "W_rec", "b", "W_out", "b_out"];
        for (var tensor = 0; tensor < names.Length; tensor++)
        {
            var actual = gradients[tensor];
            var norm = Math.Sqrt(expected[tensor].Sum(g => g * g));
            var difference = Math.Sqrt(expected[tensor].Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
            Assert.True(difference <= 5e-6 * norm, $"{set} {names[tensor]}: ‖difference‖/‖gradient‖ = {difference / norm:g3}");
        }
    }

    [Fact]
    public void A_mask_of_zeros_gives_no_loss_and_no_gradient()
    {
        var network = Network(6, 2, 1, 1);
        var drawn = RandomTrials.Draw(1, 4, 8, 2, 1, masked: true);
        Array.Clear(drawn.Mask!);
        foreach (var set in KernelSet.Available)
        {
            var (loss, gradients) = Engine(network, drawn, set);
            Assert.Equal(0, loss);
            Assert.All(gradients, gradient => Assert.All(gradient, g => Assert.Equal(0f, g)));
        }
    }

    private static EiRnn Network(int units, int inputs, int outputs, long seed)
    {
        var network = EiRnn.Create(new NetworkSpec { Units = units, Inputs = inputs, Outputs = outputs, Init = RecurrentInit.Normal(1.2) },
            seed);
        for (var i = 0; i < units; i++) network.Bias[i] = 0.1f * MathF.Sin(i + 1);
        for (var o = 0; o < outputs; o++) network.OutputBias[o] = 0.2f * MathF.Cos(o);
        return network;
    }

    private static (double Loss, float[][] Gradients) Engine(EiRnn network, TrialBatch batch, KernelSet kernels)
    {
        var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, kernels);
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        var loss = new BatchGradient(workspace, batch, network, new TrainingOptions()).Compute([.. Enumerable.Range(0, batch.Count)]);
        var gradients = network.Clone();
        workspace.Layout.CopyTo(workspace.Gradients.Span, gradients);
        return (loss, [gradients.InputWeights.ToArray(), gradients.RecurrentWeights.ToArray(), gradients.Bias.ToArray(),
            gradients.OutputWeights.ToArray(), gradients.OutputBias.ToArray()]);
    }
}

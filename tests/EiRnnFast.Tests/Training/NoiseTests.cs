using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Noise belongs to its trial, step and unit, whatever the kernel set, the order of the batch and its split.</summary>
public sealed class NoiseTests
{
    private static NetworkSpec Spec(CellForm form) => new()
    {
        Units = 37, Inputs = 2, Outputs = 1, Init = RecurrentInit.Normal(),
        Cell = new CellSpec { Form = form, Alpha = 0.2, Noise = 0.15, Activation = Activation.Relu },
    };

    [Fact]
    public void Widths_and_orders_change_no_bit()
    {
        var noise = GaussianNoise.Of(Spec(CellForm.Rate), 5)!;
        int[] trials = [3, 0, 900, 17];
        var expected = new float[4 * 37];
        noise.Fill(2, trials, 6, expected, 37);
        foreach (var width in new[] { 40, 48, 64 })
        {
            var rows = new float[4 * width];
            noise.Fill(2, [.. trials.Reverse()], 6, rows, width);
            for (var row = 0; row < 4; row++)
            {
                Assert.Equal(expected.AsSpan((3 - row) * 37, 37).ToArray(), rows.AsSpan(row * width, 37).ToArray());
                Assert.DoesNotContain(rows.AsSpan(row * width + 37, width - 37).ToArray(), value => value != 0);
            }
        }
    }

    [Theory]
    [InlineData(CellForm.Rate)]
    [InlineData(CellForm.Voltage)]
    public void A_batch_in_any_order_on_any_kernel_set_has_the_same_loss_and_gradients(CellForm form)
    {
        var network = EiRnn.Create(Spec(form), 5);
        var batch = RandomTrials.Draw(1, 12, 20, 2, 1, masked: true);
        int[] trials = [.. Enumerable.Range(0, 12)], turned = [.. trials.Reverse()];
        var (loss, gradients) = Compute(KernelSet.Get("scalar"), trials);
        foreach (var set in KernelSet.Available)
            foreach (var order in new[] { trials, turned })
            {
                var (otherLoss, other) = Compute(set, order);
                Assert.Equal(loss, otherLoss, 1e-6 * loss);
                var norm = Math.Sqrt(gradients.Sum(g => (double)g * g));
                Assert.True(Math.Sqrt(gradients.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum()) <= 3e-6 * norm, set.Name);
            }

        (double, float[]) Compute(KernelSet set, int[] order)
        {
            var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, set);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            var noise = GaussianNoise.Of(network.Spec, 5);
            var loss = new BatchGradient(workspace, batch, network, new TrainingOptions(), noise).Compute(order);
            var found = network.Clone();
            workspace.Layout.CopyTo(workspace.Gradients.Span, found);
            return (loss, [.. found.InputWeights, .. found.RecurrentWeights, .. found.OutputWeights]);
        }
    }
}

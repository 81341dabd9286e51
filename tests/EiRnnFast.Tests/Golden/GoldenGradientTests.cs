using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Training;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Golden;

/// <summary>The engine's single-precision kernels against float64 autograd, tensor by tensor, on every set of this machine.</summary>
public sealed class GoldenGradientTests(ITestOutputHelper output)
{
    [Theory]
    [GoldenData]
    [GoldenData(isMissing: true)]
    public void Prediction_and_gradients_equal_autograd(string file, string set)
    {
        var golden = GoldenCase.Load(file);
        var network = golden.Network();
        var trials = golden.Trials();
        if (golden.Noise() is null)
        {
            var (outputs, states) = network.Run(trials.X, trials.Count, KernelSet.Get(set));
            AssertClose("prediction_0", golden["prediction_0"], outputs, 2e-6);
            var last = Enumerable.Range(0, trials.Count)
                .SelectMany(trial => states.Skip((trial * trials.Steps + trials.Steps - 1) * network.Units).Take(network.Units)).ToArray();
            AssertClose("last_state_0", golden["last_state_0"], last, 2e-6);
        }

        var (workspace, gradient, _) = Prepare(golden, network, set);
        gradient.Compute([.. Enumerable.Range(0, trials.Count)]);
        var gradients = network.Clone();
        workspace.Layout.CopyTo(workspace.Gradients.Span, gradients);
        AssertClose("grad_kernel", golden["grad_kernel"], gradients.InputWeights.ToArray(), 2e-6);
        AssertClose("grad_recurrent_kernel", golden["grad_recurrent_kernel"], gradients.TrainedRecurrentWeights.ToArray(), 2e-6);
        if (golden.Has("grad_bias")) AssertClose("grad_bias", golden["grad_bias"], gradients.Bias.ToArray(), 2e-6);
        AssertClose("grad_dense_kernel", golden["grad_dense_kernel"], gradients.OutputWeights.ToArray(), 2e-6);
        AssertClose("grad_dense_bias", golden["grad_dense_bias"], gradients.OutputBias.ToArray(), 2e-6);
        if (golden.Has("grad_initial_state"))
            AssertClose("grad_initial_state", golden["grad_initial_state"], gradients.InitialState.ToArray(), 2e-6);
    }

    [Theory]
    [GoldenData]
    [GoldenData(isMissing: true)]
    public void Training_with_clipping_adam_and_projection_follows_autograd(string file, string set)
    {
        var golden = GoldenCase.Load(file);
        var network = golden.Network();
        var trials = golden.Trials();
        int[] all = [.. Enumerable.Range(0, trials.Count)];
        var (workspace, gradient, optimizer) = Prepare(golden, network, set);
        double[] losses = golden["losses"], norms = golden["grad_norms"];
        Assert.NotEmpty(losses);
        for (var step = 0; step < losses.Length; step++)
        {
            var loss = gradient.Compute(all);
            var norm = optimizer.GradientNorm();
            Assert.True(Math.Abs(loss - losses[step]) <= 1e-6 * losses[step],
                $"{golden.Name} {set}: loss {loss} at step {step}, autograd {losses[step]}");
            if (golden.Has("task_losses"))
                Assert.True(Math.Abs(gradient.TaskLoss - golden["task_losses"][step]) <= 1e-6 * golden["task_losses"][step],
                    $"{golden.Name} {set}: task loss {gradient.TaskLoss} at step {step}, autograd {golden["task_losses"][step]}");
            Assert.True(Math.Abs(norm - norms[step]) <= 1e-5 * norms[step],
                $"{golden.Name} {set}: norm {norm} at step {step}, autograd {norms[step]}");
            optimizer.Update(norm);
        }
        workspace.Layout.CopyTo(workspace.Parameters.Span, network);
        AssertWithin("final_kernel", golden["final_kernel"], network.InputWeights, 5e-6);
        AssertWithin("final_recurrent_kernel", golden["final_recurrent_kernel"], network.TrainedRecurrentWeights, 5e-6);
        AssertWithin("final_bias", golden["final_bias"], network.Bias, 5e-6);
        AssertWithin("final_dense_kernel", golden["final_dense_kernel"], network.OutputWeights, 5e-6);
        AssertWithin("final_dense_bias", golden["final_dense_bias"], network.OutputBias, 5e-6);
        if (golden.Has("final_effective_recurrent_kernel"))
            AssertWithin("final_effective_recurrent_kernel", golden["final_effective_recurrent_kernel"], network.RecurrentWeights, 5e-6);
        if (golden.Has("final_initial_state"))
            AssertWithin("final_initial_state", golden["final_initial_state"], network.InitialState, 5e-6);
        Assert.Equal(0, SignAudit.Of(network).Violations);
    }

    private static (TrainingWorkspace, BatchGradient, Optimizer) Prepare(GoldenCase golden, EiRnn network, string set)
    {
        var trials = golden.Trials();
        var workspace = new TrainingWorkspace(golden.Options().SpecFor(network.Spec), trials.Steps, trials.Count, KernelSet.Get(set));
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        return (workspace, new BatchGradient(workspace, trials, network, golden.Options(), golden.Noise()),
            new Optimizer(workspace, network.Spec, golden.Options()));
    }

    /// <summary>‖difference‖ / ‖expected‖.</summary>
    private void AssertClose(string name, double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var difference = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
        var relative = difference / Math.Sqrt(expected.Sum(e => e * e));
        output.WriteLine($"{name}: {relative:g2}");
        Assert.True(relative <= tolerance, $"{name}: relative difference {relative:g3}, allowed {tolerance:g1}");
    }

    private void AssertWithin(string name, double[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = 0;
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= Math.Abs(expected[worst] - actual[worst]))) worst = i;
        var distance = Math.Abs(expected[worst] - actual[worst]);
        output.WriteLine($"{name}: {distance:g2}");
        Assert.True(distance <= tolerance, $"{name}[{worst}]: {actual[worst]}, autograd {expected[worst]}");
    }
}

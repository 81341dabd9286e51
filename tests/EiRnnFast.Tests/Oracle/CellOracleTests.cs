using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Oracle;

/// <summary>Every cell, leak, sign mode, mask and initial state against the double oracle, on every kernel set.</summary>
public sealed class CellOracleTests
{
    /// <summary>Every activation, form, sign mode and initial state; α, axis and masks in turn, so that every pair occurs.</summary>
    public static TheoryData<Activation, CellForm, string, string, string, string> Cells()
    {
        var cells = new TheoryData<Activation, CellForm, string, string, string, string>();
        string[] alphas = ["one", "leak", "units"], masks = ["full", "density", "given", "areas"];
        var count = 0;
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var form in Enum.GetValues<CellForm>())
                foreach (var mode in new[] { "none", "projection", "magnitude", "rectified" })
                    foreach (var initial in new[] { "zero", "given", "trained" })
                        foreach (var alpha in alphas) cells.Add(activation, form, alpha, initial, mode, masks[count++ % 4]);
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_oracles_gradients_are_central_differences(Activation activation, CellForm form, string alpha, string initial,
        string mode, string mask)
    {
        var network = Network(Spec(activation, form, alpha, initial, mode, mask, 4), initial, 11);
        var model = new NaiveModel(network);
        var batch = RandomTrials.Draw(5, 2, 6, 2, 1, masked: true);
        var gradients = model.Gradients(batch);
        for (var tensor = 0; tensor < gradients.Length; tensor++)
            for (var i = 0; i < gradients[tensor].Length; i++)
            {
                if (tensor == 1 && network.Masks?.Recurrent?[i] == false || tensor == 0 && network.Masks?.Input?[i] == false
                    || tensor == 3 && network.Masks?.Output?[i] == false)
                {
                    Assert.Equal(0, gradients[tensor][i]);
                    continue;
                }
                const double step = 1e-5;
                ref var weight = ref model.Tensors[tensor][i];
                var kept = weight;
                weight = kept + step;
                var above = model.Loss(batch);
                weight = kept - step;
                var below = model.Loss(batch);
                weight = kept;
                if (activation != Activation.Relu || initial == "trained" || tensor < 5 || model.InitialState[i] != 0)
                    Assert.Equal((above - below) / (2 * step), gradients[tensor][i], 1e-7);
            }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_kernel_set_gives_the_oracles_loss_gradients_and_states(Activation activation, CellForm form, string alpha,
        string initial, string mode, string mask)
    {
        foreach (var units in new[] { 5, 18, 48 })
            foreach (var set in KernelSet.Available)
                foreach (var isSharing in new[] { false, true })
                {
                    var network = Network(Spec(activation, form, alpha, initial, mode, mask, units), initial, 3);
                    var batch = RandomTrials.Draw(9, 7, 15, 2, 2, masked: true);
                    // The trials' inputs agree for some steps, so that states are shared.
                    for (var trial = 1; trial < batch.Count; trial++)
                        batch.X.AsSpan(0, 2 * trial * 2).CopyTo(batch.X.AsSpan(trial * 30));
                    var oracle = new NaiveModel(network);
                    var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, set);
                    workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
                    var gradient = new BatchGradient(workspace, batch, network, new TrainingOptions { Sharing = isSharing });
                    int[] all = [.. Enumerable.Range(0, batch.Count)];
                    gradient.Compute(all);
                    var loss = gradient.Compute(all); // a second time: nothing is left from the first
                    Assert.Equal(isSharing, gradient.StatesComputed < gradient.States);
                    Assert.Equal(oracle.Loss(batch), loss, 3e-6 * oracle.Loss(batch));
                    var outputs = network.Run(batch.X, batch.Count, set).Outputs;
                    Assert.Equal(oracle.Loss(batch), batch.LossOf(outputs), 3e-6 * oracle.Loss(batch));
                    var found = network.Clone();
                    workspace.Layout.CopyTo(workspace.Gradients.Span, found);
                    float[][] actual = [found.InputWeights.ToArray(), found.TrainedRecurrentWeights.ToArray(), found.Bias.ToArray(),
                        found.OutputWeights.ToArray(), found.OutputBias.ToArray(), found.InitialState.ToArray()];
                    var expected = oracle.Gradients(batch);
                    for (var tensor = 0; tensor < (initial == "trained" ? 6 : 5); tensor++)
                    {
                        var norm = Math.Sqrt(expected[tensor].Sum(g => g * g));
                        var difference = Math.Sqrt(expected[tensor].Zip(actual[tensor], (e, a) => (e - a) * (e - a)).Sum());
                        Assert.True(difference <= 5e-6 * norm, $"{set.Name} {units} {isSharing} {tensor}: {difference / norm:g3}");
                    }
                }
    }

    private static NetworkSpec Spec(Activation activation, CellForm form, string alpha, string initial, string mode, string mask,
        int units) => new()
        {
            Units = units,
            Inputs = 2,
            Outputs = units == 4 ? 1 : 2,
            Init = RecurrentInit.Normal(mode == "magnitude" ? 0.5 : 1.1), // else rates without a bound grow without one
            Signs = mode == "none" ? SignConstraint.None : SignConstraint.Of(
                units == 18 ? SignAxis.Postsynaptic : SignAxis.Presynaptic, 0.6) with
            { Mode = Enum.Parse<SignMode>(mode, true) },
            Cell = new CellSpec
            {
                Activation = activation,
                Form = form,
                Alpha = alpha == "leak" ? 0.3 : 1,
                TrainInitialState = initial == "trained",
                AlphaPerUnit = alpha == "units" ? [.. Enumerable.Range(0, units).Select(unit => (unit + 1.0) / units)] : null,
            },
            Wiring = mask switch
            {
                "density" => new Wiring { Density = 0.7, Autapses = false, ReadoutFromExcitatory = mode != "none" },
                "given" => new Wiring
                {
                    Given = new GivenMasks(new WiringMasks
                    {
                        Input = [.. Enumerable.Range(0, 2 * units).Select(k => k % 3 != 1)],
                        Recurrent = [.. Enumerable.Range(0, units * units).Select(k => k % 4 != 2)],
                    }, new Dictionary<NetworkTensor, int>(), null, null),
                },
                "areas" => new Wiring
                {
                    Areas = new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 0.5 },
                    Projections = ["input -> a", "a -> b", "b -> a 0.8", "b -> output"],
                },
                _ => Wiring.Full,
            },
        };

    private static EiRnn Network(NetworkSpec spec, string initial, long seed)
    {
        var network = EiRnn.Create(spec, seed);
        for (var i = 0; i < spec.Units; i++)
        {
            network.Bias[i] = 0.1f * MathF.Sin(i + 1);
            if (initial != "zero") network.InitialState[i] = 0.5f * MathF.Cos(3 * i);
        }
        return network;
    }
}

using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Oracle;

/// <summary>Every cell, leak and initial state against the double oracle, on every kernel set.</summary>
public sealed class CellOracleTests
{
    public static TheoryData<Activation, CellForm, string, string> Cells()
    {
        var cells = new TheoryData<Activation, CellForm, string, string>();
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var form in Enum.GetValues<CellForm>())
                foreach (var alpha in new[] { "one", "leak", "units" })
                    foreach (var initial in new[] { "zero", "given", "trained" }) cells.Add(activation, form, alpha, initial);
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_oracles_gradients_are_central_differences(Activation activation, CellForm form, string alpha, string initial)
    {
        var model = new NaiveModel(Network(Spec(activation, form, alpha, initial, 4), initial, 11));
        var batch = RandomTrials.Draw(5, 2, 6, 2, 1, masked: true);
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
                if (activation != Activation.Relu || initial == "trained" || tensor < 5 || model.InitialState[i] != 0)
                    Assert.Equal((above - below) / (2 * step), gradients[tensor][i], 1e-7);
            }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_kernel_set_gives_the_oracles_loss_gradients_and_states(Activation activation, CellForm form, string alpha,
        string initial)
    {
        foreach (var units in new[] { 5, 18, 48 })
            foreach (var set in KernelSet.Available)
                foreach (var isSharing in new[] { false, true })
                {
                    var network = Network(Spec(activation, form, alpha, initial, units), initial, 3);
                    var batch = RandomTrials.Draw(9, 7, 15, 2, 2, masked: true);
                    // The trials' inputs agree for some steps, so that states are shared.
                    for (var trial = 1; trial < batch.Count; trial++)
                        batch.X.AsSpan(0, 2 * trial * 2).CopyTo(batch.X.AsSpan(trial * 30));
                    var oracle = new NaiveModel(network);
                    var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, set);
                    workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
                    var gradient = new BatchGradient(workspace, batch, isSharing, network);
                    int[] all = [.. Enumerable.Range(0, batch.Count)];
                    gradient.Compute(all);
                    var loss = gradient.Compute(all); // a second time: nothing is left from the first
                    Assert.Equal(isSharing, gradient.StatesComputed < gradient.States);
                    Assert.Equal(oracle.Loss(batch), loss, 3e-6 * oracle.Loss(batch));
                    var outputs = network.Run(batch.X, batch.Count, set).Outputs;
                    Assert.Equal(oracle.Loss(batch), batch.LossOf(outputs), 3e-6 * oracle.Loss(batch));
                    var found = network.Clone();
                    workspace.Layout.CopyTo(workspace.Gradients.Span, found);
                    float[][] actual = [found.InputWeights.ToArray(), found.RecurrentWeights.ToArray(), found.Bias.ToArray(),
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

    private static NetworkSpec Spec(Activation activation, CellForm form, string alpha, string initial, int units) => new()
    {
        Units = units, Inputs = 2, Outputs = units == 4 ? 1 : 2, Init = RecurrentInit.Normal(1.1),
        Cell = new CellSpec
        {
            Activation = activation, Form = form, Alpha = alpha == "leak" ? 0.3 : 1, TrainInitialState = initial == "trained",
            AlphaPerUnit = alpha == "units" ? [.. Enumerable.Range(0, units).Select(unit => (unit + 1.0) / units)] : null,
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

using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class SharingTests
{
    private static readonly string[] s_names = ["W_in", "W_rec", "b", "W_out", "b_out"];

    public static TheoryData<string> Sets() => [.. KernelSet.Available.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Shared_states_give_the_gradients_of_separate_ones(string set)
    {
        var data = TaskCatalog.Get("and").Generate(200, 3);
        var network = EiRnn.Create(new NetworkSpec { Units = 50, Inputs = 2, Outputs = 1, Init = RecurrentInit.Orthogonal() }, 4);
        var trials = Enumerable.Range(20, 64).ToArray();
        var shared = Gradients(network, data, trials, set, sharing: true, out var saved);
        var separate = Gradients(network, data, trials, set, sharing: false, out var none);
        Assert.Equal(0, none);
        Assert.InRange(saved, 64 * 290 * 0.45, 64 * 290 * 0.65);
        for (var tensor = 0; tensor < s_names.Length; tensor++)
            AssertClose(separate[tensor], shared[tensor], s_names[tensor] is "b" or "b_out" ? 1e-5 : 2e-6, s_names[tensor]);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Trials_that_share_inputs_but_not_targets_or_masks_give_the_oracles_gradients(string set)
    {
        var drawn = RandomTrials.Draw(3, 12, 15, 2, 2, masked: true);
        foreach (var (copy, original, steps) in new[] { (1, 0, 15), (2, 0, 15), (3, 0, 7), (4, 3, 11), (6, 5, 1), (8, 5, 14), (9, 3, 11),
            (11, 10, 4) })
            drawn.InputsOf(original)[..(steps * 2)].CopyTo(drawn.X.AsSpan(copy * 30));
        var network = EiRnn.Create(new NetworkSpec { Units = 19, Inputs = 2, Outputs = 2, Init = RecurrentInit.Normal(1.2) }, 8);
        var actual = Gradients(network, drawn, [.. Enumerable.Range(0, 12)], set, sharing: true, out var saved);
        Assert.Equal(15 + 15 + 7 + 11 + 1 + 14 + 11 + 4, saved);
        var expected = new NaiveModel(network).Gradients(drawn);
        for (var tensor = 0; tensor < s_names.Length; tensor++)
            AssertClose([.. expected[tensor].Select(g => (float)g)], actual[tensor], 5e-6, s_names[tensor]);
    }

    [Fact]
    public void Inputs_that_differ_from_the_start_are_not_shared()
    {
        var drawn = RandomTrials.Draw(5, 9, 10, 2, 1, masked: false);
        var network = EiRnn.Create(new NetworkSpec { Units = 8, Inputs = 2, Outputs = 1 }, 1);
        Gradients(network, drawn, [0, 3, 8], KernelSet.Current.Name, sharing: true, out var saved);
        Assert.Equal(0, saved);
    }

    [Fact]
    public void An_update_allocates_nothing()
    {
        var data = TaskCatalog.Get("and").Generate(500, 3);
        var spec = new NetworkSpec { Units = 32, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5) };
        var workspace = new TrainingWorkspace(spec, data.Steps, 64, KernelSet.Current);
        var network = EiRnn.Create(spec, 1);
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, data, network, new TrainingOptions());
        var optimizer = new Optimizer(workspace, spec, new TrainingOptions());
        var order = Enumerable.Range(0, 500).ToArray();
        for (var i = 0; i < 3; i++) Update(i);
        // What an update allocates, every round of updates does;
        // the runtime itself may do so once (it compiles methods again while they run).
        Assert.Equal(0, Enumerable.Range(0, 4).Min(_ => Allocated()));

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 3; i < 7; i++) Update(i);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Update(int i)
        {
            gradient.Compute(order.AsSpan(i * 64, 64));
            optimizer.Update(optimizer.GradientNorm());
        }
    }

    private static float[][] Gradients(EiRnn network, TrialBatch data, int[] trials, string set, bool sharing, out long saved)
    {
        var workspace = new TrainingWorkspace(network.Spec, data.Steps, trials.Length, KernelSet.Get(set));
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, data, network, new TrainingOptions { Sharing = sharing });
        gradient.Compute(trials);
        saved = gradient.States - gradient.StatesComputed;
        var copy = EiRnn.Create(network.Spec, 0);
        workspace.Layout.CopyTo(workspace.Gradients.Span, copy);
        return [copy.InputWeights.ToArray(), copy.RecurrentWeights.ToArray(), copy.Bias.ToArray(), copy.OutputWeights.ToArray(),
            copy.OutputBias.ToArray()];
    }

    private static void AssertClose(float[] expected, float[] actual, double relative, string name)
    {
        var norm = Math.Sqrt(expected.Sum(g => (double)g * g));
        var difference = Math.Sqrt(expected.Zip(actual, (e, a) => ((double)e - a) * ((double)e - a)).Sum());
        Assert.True(difference <= relative * norm, $"{name}: ‖difference‖/‖gradient‖ = {difference / norm:g3}");
    }
}

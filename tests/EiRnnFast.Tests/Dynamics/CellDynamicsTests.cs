using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Spectra;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>What is known of networks of other cells than the published one.</summary>
public sealed class CellDynamicsTests
{
    [Theory]
    [InlineData(CellForm.Rate, "leak")]
    [InlineData(CellForm.Voltage, "leak")]
    [InlineData(CellForm.Rate, "per unit")]
    [InlineData(CellForm.Voltage, "per unit")]
    public void Fixed_points_do_not_depend_on_the_leak(CellForm form, string alpha)
    {
        var network = Nets.Of(3, [2, 0.3f, 0, 0, 2, -0.2f, 0.1f, 0, 2], [0.05f, 0, -0.02f]);
        var published = FixedPoints.Find(RecurrentMap.Of(network), Nets.Cube(3, 600));
        var found = FixedPoints.Find(RecurrentMap.Of(Nets.With(network, Nets.Cell(Activation.Tanh, form, alpha, 3))),
            [.. Nets.Cube(3, 600).Select(h => h.Select(value => 2 * value).ToArray())]);
        Assert.Equal(27, published.Fixed.Count);
        Assert.Equal((27, 1), (found.Fixed.Count, found.IndexSum));
        foreach (var point in published.Fixed)
        {
            var same = Assert.Single(found.Fixed,
                other => Enumerable.Range(0, 3).All(j => Math.Abs(other.Rates[j] - point.State[j]) < 1e-9));
            Assert.Equal(form == CellForm.Voltage, same.IsOfVoltages);
            Assert.Equal(point.Index, same.Index);
            if (form == CellForm.Voltage)
                Assert.All(Enumerable.Range(0, 3), j => Assert.Equal(Math.Tanh(same.State[j]), same.Rates[j], 1e-15));
            if (alpha != "leak") continue;
            var leading = 0.7 + 0.3 * point.Eigenvalues[0]; // J = (1 − α)I + α·J of the published network, up to similarity
            Assert.Contains(same.Eigenvalues, z => (z - leading).Magnitude < 1e-8);
        }
    }

    [Theory]
    [InlineData(CellForm.Rate)]
    [InlineData(CellForm.Voltage)]
    public void Sigmoid_networks_have_an_index_sum_and_the_search_goes_on_for_it(CellForm form)
    {
        // Each unit has three fixed points: ½ and one on either side. The two outer ones of a unit alone do not make up +1.
        var map = RecurrentMap.Of(Nets.With(Nets.Of(2, [8, 0, 0, 8], [-4, -4]), Nets.Cell(Activation.Sigmoid, form, "leak")));
        var (low, high) = (form == CellForm.Rate ? 0.02 : -4, form == CellForm.Rate ? 0.98 : 4);
        var few = FixedPoints.Find(map, [[low, low], [high, high]], new FixedPointOptions { FurtherStarts = 0 });
        Assert.Equal((2, 2, true), (few.Fixed.Count, few.IndexSum, few.IsIncomplete));
        var found = FixedPoints.Find(map, [[low, low], [high, high]]);
        Assert.Equal((1, false), (found.IndexSum, found.IsIncomplete));
        Assert.All(found.Fixed, point => Assert.All(point.Rates, r => Assert.InRange(r, 0, 1)));
    }

    [Theory]
    [InlineData(CellForm.Rate)]
    [InlineData(CellForm.Voltage)]
    public void Relu_networks_have_no_index_sum_and_all_their_points_are_found(CellForm form)
    {
        // Two units that inhibit each other: one wins, or both are at 1/3.
        var network = Nets.With(Nets.Of(2, [0, -2, -2, 0], [1, 1]), Nets.Cell(Activation.Relu, form, "leak"));
        var found = FixedPoints.Find(RecurrentMap.Of(network), [[0.9, 0.1]]);
        Assert.Equal((false, null, null), (found.HasIndexSum, found.IndexSum, found.IsIncomplete));
        Assert.InRange(found.FurtherStarts, FixedPoints.FruitlessStarts, 500);
        foreach (var (a, b) in (ReadOnlySpan<(double, double)>)[(1, 0), (0, 1), (1 / 3.0, 1 / 3.0)])
            Assert.Single(found.Fixed, point => Math.Abs(point.Rates[0] - a) < 1e-9 && Math.Abs(point.Rates[1] - b) < 1e-9);
        Assert.Equal(3, found.Fixed.Count);
        var winner = found.Fixed.First(point => point.Rates[0] > 0.9);
        Assert.Equal(0.7, winner.SpectralRadius, 1e-12); // one slope is 0, and so is the product of weights around the loop
        Assert.Equal(0.7 + 0.3 * 2, found.Fixed.First(point => point.Rates[0] is > 0.3 and < 0.4).SpectralRadius, 1e-9);
    }

    [Fact]
    public void States_that_grow_without_bound_end_no_search_and_have_no_exponents()
    {
        var network = Nets.With(Nets.Of(2, [2, 0, 0, 2], [1, 1]), new CellSpec { Activation = Activation.Relu });
        var map = RecurrentMap.Of(network);
        var starts = FixedPoints.StartsFrom(map, [1, 2, 3, 4], 10, 0.1, 5000, 1);
        Assert.All(starts, start => Assert.All(start, r => Assert.InRange(r, 0, 5)));
        Assert.Empty(FixedPoints.Find(map, starts).Fixed);
        var exponents = LyapunovExponents.Of(network, new float[2 * 20], 2, 2);
        Assert.Equal((2, 0, 0), (exponents.Escaping, exponents.AtRest, exponents.PerStep[0].Count));
        Assert.Equal(Math.Log(2), exponents.TrialGrowth.Mean, 1e-9);
    }

    [Theory]
    [InlineData(CellForm.Rate, "leak")]
    [InlineData(CellForm.Voltage, "leak")]
    [InlineData(CellForm.Rate, "per unit")]
    [InlineData(CellForm.Voltage, "per unit")]
    public void Exponents_of_a_leaky_linear_network_are_the_logarithms_of_its_eigenvalues(CellForm form, string alpha)
    {
        const int n = 20;
        var network = Nets.Random(n, 0.6, Nets.Cell(Activation.Linear, form, alpha, n));
        var jacobian = new double[n * n];
        RecurrentMap.Of(network).Jacobian(new double[n], jacobian);
        var moduli = EigenSolver.Current.Eigenvalues(jacobian, n).Select(z => z.Magnitude).ToArray();
        var found = LyapunovExponents.Of(network, new float[2 * 2 * 30], 2, n);
        Assert.Equal(2, found.AtRest);
        foreach (var (exponent, modulus) in found.PerStep.Zip(moduli)) Assert.Equal(Math.Log(modulus), exponent.Mean, 1e-9);
        if (alpha != "leak") return;
        var weights = EigenSolver.Current.Eigenvalues([.. network.RecurrentWeights.ToArray().Select(w => (double)w)], n)
            .Select(z => (0.7 + 0.3 * z).Magnitude).OrderDescending();
        Assert.Equal(weights, moduli, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void On_the_move_the_exponents_of_voltages_and_rates_agree()
    {
        // v = z − … and r are the same motion seen twice: in the long run deviations grow alike.
        float[] w = [.. Matrices.Gaussian(30, 4).Select(value => (float)(2.5 * value))];
        Estimate Leading(CellForm form) => LyapunovExponents.Of(Nets.With(Nets.Of(30, w, [.. Enumerable.Repeat(0.1f, 30)]),
            new CellSpec { Form = form, Alpha = 0.5 }), new float[20 * 4], 4, 2).PerStep[0];
        var (rate, voltage) = (Leading(CellForm.Rate), Leading(CellForm.Voltage));
        Assert.Equal(rate.Mean, voltage.Mean, 0.02);
    }

    [Theory]
    [InlineData(SignMode.Projection, Activation.Tanh)]
    [InlineData(SignMode.Magnitude, Activation.Tanh)]
    [InlineData(SignMode.Rectified, Activation.Relu)]
    [InlineData(SignMode.Magnitude, Activation.Softplus)]
    [InlineData(SignMode.Projection, Activation.Sigmoid)]
    public void A_removed_unit_acts_on_nothing_in_every_sign_mode(SignMode mode, Activation activation)
    {
        var (task, trials) = (TaskCatalog.Get("and"), TaskCatalog.Get("and").Generate(8, 3));
        var whole = Nets.Random(5, 1.2, Nets.Cell(activation, CellForm.Voltage, "leak"),
            SignConstraint.Presynaptic(0.6) with { Mode = mode });
        // The same network without its last unit, which is built from the others' weights.
        const int n = 4;
        var rest = EiRnn.FromWeights(whole.Spec with { Units = n, Signs = SignConstraint.None },
            [.. whole.InputWeights[..n], .. whole.InputWeights[5..9]],
            [.. Enumerable.Range(0, n * n).Select(k => whole.RecurrentWeights[k / n * 5 + k % n])], whole.Bias[..n],
            whole.OutputWeights[..n], whole.OutputBias, initialState: whole.InitialState[..n]);
        var lesioned = Lesions.Ablation(whole, task, trials, [4], [0, 1], 1, 1);
        Assert.Equal(Lesions.Judge(rest, task, trials).Loss, lesioned[1].Loss[0], 1e-6);
        Assert.NotEqual(lesioned[0].Loss[0], lesioned[1].Loss[0], 1e-6);
        var alone = Lesions.SingleUnits(whole, task, trials)[4];
        Assert.Equal((4, 1, lesioned[1].Accuracy[0], lesioned[1].Loss[0]), (alone.Unit, alone.Sign, alone.Accuracy, alone.Loss));

        var pruned = Lesions.Pruning(whole, task, trials, [0, 1]);
        var bare = Nets.With(whole, whole.Spec.Cell);
        bare.TrainedRecurrentWeights.Clear();
        bare.FormEffectiveWeights();
        Assert.Equal(Lesions.Judge(bare, task, trials).Loss, pruned[1].Loss[0], 1e-12);
        Assert.Equal(lesioned[0].Loss[0], pruned[0].Loss[0]);
    }

    [Fact]
    public void Rates_without_bounds_do_not_saturate()
    {
        float[] states = [0.995f, 0.001f, 0.995f, 0.002f];
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var activity = UnitActivity.Of(states, 1, 2, 1, activation: activation);
            Assert.Equal([1], activity.SilentUnits);
            var bounded = activation is Activation.Tanh or Activation.Sigmoid;
            Assert.Equal(bounded, activity.SaturatedSteps is not null);
            if (bounded) Assert.Equal([0], activity.SaturatedUnits!);
            else Assert.Null(activity.SaturatedUnits);
        }
    }

    [Fact]
    public void Damage_and_answers_with_noise_are_those_of_the_seed()
    {
        var (task, trials) = (TaskCatalog.Get("and"), TaskCatalog.Get("and").Generate(8, 3));
        var network = Nets.Random(6, 1, new CellSpec { Alpha = 0.2, Noise = 0.3 });
        var quiet = Lesions.Judge(network, task, trials);
        var noisy = Lesions.Judge(network, task, trials, noiseSeed: 1);
        Assert.Equal(noisy, Lesions.Judge(network, task, trials, noiseSeed: 1));
        Assert.NotEqual(quiet.Loss, noisy.Loss);
        Assert.NotEqual(noisy.Loss, Lesions.Judge(network, task, trials, noiseSeed: 2).Loss);
        Assert.Equal(noisy.Loss, Lesions.Ablation(network, task, trials, [0, 1], [0], 1, 1, noiseSeed: 1)[0].Loss[0]);
        Assert.Equal(noisy.Loss, Lesions.Pruning(network, task, trials, [0], noiseSeed: 1)[0].Loss[0]);
    }
}

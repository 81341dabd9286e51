using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Model;

/// <summary>Masks, areas, frozen tensors, time constants and the initialisations to magnitudes and to a radius.</summary>
public sealed class WiringTests
{
    private static NetworkSpec Spec(Wiring wiring, int units = 60, SignMode mode = SignMode.Projection) => new()
    {
        Units = units, Inputs = 2, Outputs = 3, Signs = SignConstraint.Presynaptic(0.8) with { Mode = mode },
        Init = RecurrentInit.Normal(), Wiring = wiring,
    };

    [Fact]
    public void A_density_is_the_fraction_of_weights_and_no_row_is_empty()
    {
        var (kept, entries) = (0, 0);
        for (var seed = 0; seed < 50; seed++)
        {
            var mask = EiRnn.Create(Spec(new Wiring { Density = 0.1 }), seed).Masks!.Recurrent!;
            (kept, entries) = (kept + mask.Count(exists => exists), entries + mask.Count);
            Assert.All(mask.Chunk(60), row => Assert.Contains(true, row));
        }
        Assert.Equal(0.1, (double)kept / entries, 4 * Math.Sqrt(0.09 / entries)); // four standard errors
    }

    [Fact]
    public void Other_weights_stay_as_they_are_without_a_mask()
    {
        var (whole, masked) = (EiRnn.Create(Spec(Wiring.Full), 3), EiRnn.Create(Spec(new Wiring { Density = 0.5, Autapses = false }), 3));
        Assert.Null(whole.Masks);
        for (var k = 0; k < 3600; k++)
            Assert.Equal(masked.Masks!.Recurrent![k] ? whole.RecurrentWeights[k] : 0, masked.RecurrentWeights[k]);
        for (var i = 0; i < 60; i++) Assert.False(masked.Masks!.Recurrent![i * 61]);
        Assert.Null(masked.Masks!.Input);
        Assert.Equal(whole.InputWeights.ToArray(), masked.InputWeights.ToArray());
    }

    [Fact]
    public void Areas_share_both_populations_and_have_the_projections_that_are_named()
    {
        var network = EiRnn.Create(Spec(new Wiring
        {
            Areas = new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 0.25, ["c"] = 0.25 },
            Projections = ["a -> b 0.5", "b->c", "input -> a", "c -> output"], Density = 0.8,
        }), 1);
        // 12 inhibitory units: 6, 3, 3; then 48 excitatory ones: 24, 12, 12.
        static char AreaOf(int unit) => unit < 12 ? (unit < 6 ? 'a' : unit < 9 ? 'b' : 'c') : unit < 36 ? 'a' : unit < 48 ? 'b' : 'c';
        var kept = new Dictionary<(char, char), List<bool>>();
        for (var i = 0; i < 60; i++)
            for (var j = 0; j < 60; j++)
            {
                if (!kept.TryGetValue((AreaOf(i), AreaOf(j)), out var block)) kept[(AreaOf(i), AreaOf(j))] = block = [];
                block.Add(network.Masks!.Recurrent![i * 60 + j]);
            }
        double Fraction(char from, char to) => kept[(from, to)].Average(exists => exists ? 1.0 : 0);
        foreach (var area in "abc") Assert.Equal(0.8, Fraction(area, area), 0.11);
        Assert.Equal(0.5, Fraction('a', 'b'), 0.1);
        Assert.Equal(1, Fraction('b', 'c'));
        foreach (var (from, to) in new[] { ('a', 'c'), ('b', 'a'), ('c', 'a'), ('c', 'b') }) Assert.Equal(0, Fraction(from, to));
        for (var unit = 0; unit < 60; unit++)
        {
            Assert.Equal(AreaOf(unit) == 'a', network.Masks!.Input![unit] && network.Masks.Input[60 + unit]);
            Assert.Equal(AreaOf(unit) == 'c', network.Masks.Output![3 * unit]);
        }
    }

    [Fact]
    public void Input_and_readout_of_excitatory_units_only()
    {
        var network = EiRnn.Create(Spec(new Wiring { InputToExcitatory = true, ReadoutFromExcitatory = true }), 1);
        for (var unit = 0; unit < 60; unit++)
        {
            Assert.Equal(unit >= 12, network.InputWeights[unit] != 0 && network.InputWeights[60 + unit] != 0);
            Assert.Equal(unit >= 12, network.OutputWeights[3 * unit] != 0);
        }
        Assert.Null(network.Masks!.Recurrent);
    }

    [Theory]
    [InlineData(SignMode.Projection)]
    [InlineData(SignMode.Magnitude)]
    [InlineData(SignMode.Rectified)]
    public void Masked_weights_are_0_and_frozen_tensors_as_they_were_after_training(SignMode mode)
    {
        var spec = Spec(new Wiring { Density = 0.3, Autapses = false, ReadoutFromExcitatory = true }, 20, mode) with
        {
            Inputs = 2,
            Outputs = 1,
            Cell = new CellSpec { TrainInitialState = true },
        };
        var network = EiRnn.Create(spec, 5);
        var before = network.Clone();
        var options = new TrainingOptions
        {
            Epochs = 2, Trials = 200, LearningRate = 1e-2, Frozen = [NetworkTensor.OutputWeights, NetworkTensor.Bias],
        };
        var result = new Trainer(network, TaskCatalog.Get("and")).Run(options);
        Assert.Equal(0, result.Audit.Violations);
        for (var k = 0; k < 400; k++)
            if (!network.Masks!.Recurrent![k]) Assert.Equal(0, network.RecurrentWeights[k]);
        Assert.Equal(before.OutputWeights.ToArray(), network.OutputWeights.ToArray());
        Assert.Equal(before.Bias.ToArray(), network.Bias.ToArray());
        Assert.NotEqual(before.RecurrentWeights.ToArray(), network.RecurrentWeights.ToArray());
        Assert.NotEqual(before.InitialState.ToArray(), network.InitialState.ToArray());
        Assert.NotEqual(before.OutputBias[0], network.OutputBias[0]);
        // A frozen tensor that the constraint concerns is projected, and nothing more.
        var frozen = before.Clone();
        new Trainer(frozen, TaskCatalog.Get("and")).Run(options with { Frozen = [NetworkTensor.InputWeights] });
        for (var k = 0; k < 40; k++) Assert.Equal(Math.Max(0, before.InputWeights[k]), frozen.InputWeights[k]);
    }

    [Theory]
    [InlineData(RecurrentInitKind.Gamma)]
    [InlineData(RecurrentInitKind.Lognormal)]
    public void Magnitudes_have_the_mean_and_the_variation_that_are_asked_for(RecurrentInitKind kind)
    {
        foreach (var mode in Enum.GetValues<SignMode>())
            foreach (var (mean, variation) in new (double?, double)[] { (null, 1), (0.02, 0.5), (0.1, 1.5) })
            {
                var init = RecurrentInit.Of(kind) with { MagnitudeMean = mean, MagnitudeVariation = variation };
                var network = EiRnn.Create(Spec(Wiring.Full, 300, mode) with { Init = init }, 2);
                var signs = network.Spec.Signs.SignsOf(300);
                double[] w = [.. Enumerable.Range(0, 90_000).Select(k => (double)network.RecurrentWeights[k] * signs[k / 300])];
                Assert.All(w, weight => Assert.True(weight >= 0));
                var expected = mean ?? 1 / Math.Sqrt(300);
                Assert.Equal(expected, w.Average(), 0.03 * expected);
                var found = Math.Sqrt(w.Average(weight => weight * weight) - w.Average() * w.Average()) / w.Average();
                Assert.Equal(variation, found, 0.07 * variation);
            }
    }

    [Fact]
    public void Gamma_draws_have_the_moments_of_their_shape()
    {
        foreach (var shape in new[] { 0.4, 1, 2, 7.5 })
        {
            var random = new RandomStream(1, "gamma test");
            double[] draws = [.. Enumerable.Range(0, 400_000).Select(_ => random.NextGamma(shape))];
            var mean = draws.Average();
            Assert.Equal(shape, mean, 5 * Math.Sqrt(shape / draws.Length));
            var variance = draws.Average(draw => (draw - mean) * (draw - mean));
            Assert.Equal(shape, variance, 5 * Math.Sqrt((6 / shape + 2) / draws.Length) * shape);
            Assert.Equal(2 / Math.Sqrt(shape), draws.Average(draw => Math.Pow(draw - mean, 3)) / Math.Pow(variance, 1.5), 0.08);
        }
    }

    [Fact]
    public void A_spectral_radius_is_that_of_the_initial_matrix_as_it_acts()
    {
        foreach (var mode in Enum.GetValues<SignMode>())
            foreach (var init in new[] { RecurrentInit.Orthogonal(), RecurrentInit.Of(RecurrentInitKind.Gamma) with { Balanced = true } })
            {
                var wiring = new Wiring { Density = 0.4, Autapses = false };
                var spec = Spec(wiring, 60, mode) with { Init = init with { SpectralRadius = 1.3 } };
                var network = EiRnn.Create(spec, 4);
                var signs = spec.Signs.SignsOf(60);
                double[] w = [.. network.RecurrentWeights.ToArray().Select((weight, k) => weight * signs[k / 60] < 0 ? 0 : (double)weight)];
                Assert.Equal(1.3, EigenSolver.Current.Eigenvalues(w, 60)[0].Magnitude, 1e-6);
                Assert.Equal(network.RecurrentWeights.ToArray(), EiRnn.Create(spec, 4).RecurrentWeights.ToArray());
            }
        var chain = new Wiring
        {
            Areas = new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 0.5 }, Autapses = false, Projections = ["a -> b"],
        };
        Refused("spectral_radius", Spec(chain, 2) with
        {
            Signs = SignConstraint.None,
            Init = RecurrentInit.Normal() with { SpectralRadius = 1 },
        });
        Refused("identity", Spec(new Wiring { Autapses = false }) with { Init = RecurrentInit.Identity() });
    }

    [Fact]
    public void Balanced_magnitudes_of_any_density_have_mean_0()
    {
        foreach (var init in new[] { RecurrentInit.Of(RecurrentInitKind.Gamma), RecurrentInit.TwoGaussian(0.02), RecurrentInit.Normal() })
            foreach (var mode in Enum.GetValues<SignMode>())
            {
                var spec = Spec(new Wiring { Density = 0.5 }, 400, mode) with { Init = init with { Balanced = true } };
                var w = Spectra.Matrices.Weights(spec, 1, project: true);
                Assert.Equal(0, w.Average() / w.Average(Math.Abs), 0.02);
                Assert.Equal(0, RandomMatrixTheory.Of(spec)!.Outlier);
            }
    }

    [Fact]
    public void Time_constants_are_drawn_from_the_seed_and_stay_in_the_file()
    {
        var spec = Spec(Wiring.Full) with { Cell = new CellSpec { Tau = 4, TauMost = 20, Dt = 2 } };
        var network = EiRnn.Create(spec, 7);
        Assert.All(network.Spec.Cell.AlphaPerUnit!, alpha => Assert.InRange(alpha, 0.1, 0.5));
        Assert.Equal(60, network.Spec.Cell.AlphaPerUnit!.Distinct().Count());
        Assert.Equal(network.Spec.Cell.AlphaPerUnit, EiRnn.Create(spec, 7).Spec.Cell.AlphaPerUnit);
        Assert.NotEqual(network.Spec.Cell.AlphaPerUnit, EiRnn.Create(spec, 8).Spec.Cell.AlphaPerUnit);
        Assert.Equal(0.5, new CellSpec { Tau = 4, Dt = 2 }.Alpha);
        Assert.Equal(0.25, EiRnn.Create(Spec(Wiring.Full) with { Cell = new CellSpec { InitialState = 0.25 } }, 1).InitialState[3]);
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        Wiring Areas(string[] projections, params (string, double)[] areas) => new()
        {
            Areas = areas.ToDictionary(area => area.Item1, area => area.Item2), Projections = projections,
        };
        Refused("density", Spec(new Wiring { Density = 0 }));
        Refused("density", Spec(new Wiring { Density = 0.02 }));
        Refused("density", Spec(Areas(["a -> b 0.01"], ("a", 0.5), ("b", 0.5)) with { Density = 0.02 }));
        Refused("areas", Spec(Areas([], ("a", 0.5), ("b", 0.4))));
        Refused("area b", Spec(Areas([], ("a", 0.999), ("b", 0.001))));
        Refused("name of an area", Spec(Areas([], ("input", 1))));
        Refused("projection", Spec(Areas(["a -> c"], ("a", 1))));
        Refused("projections", Spec(Areas(["a to a"], ("a", 1))));
        Refused("projections", Spec(Areas(["a -> a", "a -> a 0.5"], ("a", 1))));
        Refused("density of the projection", Spec(Areas(["a -> a 1.5"], ("a", 1))));
        Refused("projections", Spec(new Wiring { Projections = ["a -> a"] }));
        Refused("readout", Spec(new Wiring { ReadoutFromExcitatory = true }) with { Signs = SignConstraint.None });
        Refused("input", Spec(new Wiring { InputToExcitatory = true }) with { Signs = SignConstraint.Presynaptic(0) });
        Refused("mask_file", Spec(new Wiring { Given = Given(new bool[9], null) }));
        Refused("wiring", Spec(Areas(["a -> output"], ("a", 0.05), ("b", 0.95)) with { ReadoutFromExcitatory = true }, 20) with
        {
            Signs = SignConstraint.Presynaptic(0.1),
        });
        Refused("wiring", Spec(new Wiring { Given = Given(new bool[120], null) }));
        Refused("wiring", Spec(new Wiring { Given = Given(null, new bool[180]) }));
        Refused("projection", Spec(Areas(["input -> output"], ("a", 1))));
        Refused("Gamma", Spec(Wiring.Full) with { Signs = SignConstraint.None, Init = RecurrentInit.Of(RecurrentInitKind.Gamma) });
        Refused("alpha", Spec(Wiring.Full) with { Cell = new CellSpec { Alpha = 0 } });
        Refused("tau", Spec(Wiring.Full) with { Cell = new CellSpec { Tau = 0.5 } });
        Refused("tau_max", Spec(Wiring.Full) with { Cell = new CellSpec { Tau = 5, TauMost = 4 } });
        Refused("dt", Spec(Wiring.Full) with { Cell = new CellSpec { Dt = 2 } });
    }

    private static GivenMasks Given(bool[]? input, bool[]? output) =>
        new(new WiringMasks { Input = input, Output = output }, new Dictionary<NetworkTensor, int>(), null, null);

    private static void Refused(string what, NetworkSpec spec) =>
        Assert.StartsWith(what, Assert.Throws<InvalidInputException>(() => EiRnn.Create(spec, 1)).Message, StringComparison.Ordinal);
}

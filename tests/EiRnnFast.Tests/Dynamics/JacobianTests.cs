using System.Numerics;
using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Jacobians along trials against NumPy and SciPy (jacobians.py), in every cell.</summary>
public sealed class JacobianTests
{
    private const double Tolerance = 1e-8;

    private static readonly JsonElement s_reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dynamics", "jacobians.json"))).RootElement;

    public static TheoryData<string> Cases => [.. s_reference.GetProperty("cases").EnumerateObject().Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Eigenvalues_gains_and_theory_along_trials_are_those_of_numpy(string name)
    {
        var network = Network(name);
        float[] x = Numbers(s_reference.GetProperty("x"));
        var found = TrialJacobians.Of(network, x, 2, s_reference.GetProperty("steps").GetInt32(), threads: 2);
        Assert.Equal([2, 5], found.Steps);
        Assert.Equal([(0, 2), (0, 5), (1, 2), (1, 5)], found.All.Select(one => (one.Trial, one.Step)));
        foreach (var (one, reference) in found.All.Zip(s_reference.GetProperty("cases").GetProperty(name).EnumerateArray()))
        {
            var spectrum = one.Spectrum;
            List<Complex> expected = [.. reference.GetProperty("eigenvalues").EnumerateArray()
                .Select(z => new Complex(z[0].GetDouble(), z[1].GetDouble()))];
            Assert.Equal(expected.Count, spectrum.Eigenvalues.Count);
            foreach (var z in spectrum.Eigenvalues)
            {
                var nearest = expected.MinBy(other => (other - z).Magnitude);
                Assert.True((nearest - z).Magnitude <= Tolerance, $"{z} is {(nearest - z).Magnitude} away from numpy's {nearest}");
                expected.Remove(nearest);
            }
            Assert.Equal(reference.GetProperty("radius").GetDouble(), spectrum.SpectralRadius, Tolerance);
            Assert.Equal(reference.GetProperty("abscissa").GetDouble(), spectrum.Abscissa, Tolerance);
            Assert.Equal(reference.GetProperty("reach").GetDouble(), spectrum.TheoryReach, Tolerance);
            Assert.Equal(reference.GetProperty("inside").GetDouble(), spectrum.FractionInside, Tolerance);
            Assert.Equal(2, one.InputGains.Count);
            foreach (var (gain, known) in one.InputGains.Zip(reference.GetProperty("gains").EnumerateArray()))
                Assert.Equal(known.GetDouble(), gain, Tolerance);
            if (name.EndsWith("per unit", StringComparison.Ordinal))
                Assert.True(spectrum is { Theory: null, Edge: null, Outliers: null });
            else Assert.Equal(spectrum.Theory!.Centre + spectrum.Theory.Radius, spectrum.TheoryReach, Tolerance);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_number_of_threads_finds_the_same_bits(int steps)
    {
        var network = Network("Tanh Voltage leak");
        float[] x = Numbers(s_reference.GetProperty("x"));
        var alone = TrialJacobians.Of(network, x, 2, steps);
        var together = TrialJacobians.Of(network, x, 2, steps, threads: 3);
        Assert.Equal(2 * steps, alone.All.Count);
        foreach (var (one, other) in alone.All.Zip(together.All))
        {
            Assert.Equal(one.Spectrum.Eigenvalues, other.Spectrum.Eigenvalues);
            Assert.Equal(one.InputGains, other.InputGains);
            Assert.Equal((one.Spectrum.Edge, one.Spectrum.TheoryReach), (other.Spectrum.Edge, other.Spectrum.TheoryReach));
        }
    }

    [Theory]
    [InlineData(CellForm.Rate, 0.4)]
    [InlineData(CellForm.Voltage, 0.4)]
    [InlineData(CellForm.Rate, 1.0)]
    public void The_edge_of_a_random_network_along_trials_is_that_of_theory(CellForm form, double alpha)
    {
        const int n = 200, steps = 8;
        var network = Nets.Random(n, 1.3, new CellSpec { Activation = Activation.Tanh, Form = form, Alpha = alpha });
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, 3 * steps * 2).Select(_ => (float)random.NextDouble())];
        var jacobians = TrialJacobians.Of(network, x, 3, 4);
        var (edge, radius) = (jacobians.Mean(one => one.Spectrum.Edge)!.Value, jacobians.Mean(one => one.Spectrum.Theory!.Radius)!.Value);
        Assert.Equal(1, edge / radius, 0.05);
        Assert.InRange(jacobians.Mean(one => one.Spectrum.FractionInside)!.Value, 0.9, 1);
        var byStep = jacobians.ByStep(one => one.Spectrum.Edge);
        Assert.Equal(4, byStep.Count);
        Assert.All(byStep, value => Assert.Equal(3, value.Count));
        Assert.Equal(edge, byStep.Average(value => value.Mean), 1e-12);
    }

    [Fact]
    public void A_single_outlier_is_told_from_the_bulk_about_its_own_centre()
    {
        const int n = 100;
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, n * n)
            .Select(_ => (float)(0.3 / Math.Sqrt(n) * (2 * random.NextDouble() - 1) + 1.5 / n))];
        var network = Nets.With(Nets.Of(n, weights), Nets.Cell(Activation.Linear, CellForm.Rate, "leak"));
        var spectrum = Assert.Single(TrialJacobians.Of(network, new float[3], 1, 1).All).Spectrum;
        var outlier = Assert.Single(spectrum.Outliers!);
        Assert.Equal(0.7 + 0.3 * 1.5, outlier.Real, 0.02); // 1 − α + α·N·mean
        Assert.Equal(spectrum.Theory!.Radius, spectrum.Edge!.Value, 0.1 * spectrum.Theory.Radius);
        Assert.Equal(0.7, spectrum.Theory.Centre, 1e-12);
    }

    [Fact]
    public void A_state_beyond_all_numbers_has_no_jacobian_and_a_silent_network_has_one()
    {
        var exploding = Nets.With(Nets.Of(2, [1e30f, 0, 0, 0], wIn: [1, 0]), Nets.Cell(Activation.Linear, CellForm.Rate, "none"));
        float[] ones = [.. Enumerable.Repeat(1f, 20)];
        var found = TrialJacobians.Of(exploding, ones, 1, 20);
        Assert.Equal(20, found.All.Count + found.Escaped);
        Assert.InRange(found.Escaped, 1, 19);
        var silent = Nets.With(Nets.Of(2, [1, 2, 3, 4], [-1, -1]), Nets.Cell(Activation.Relu, CellForm.Rate, "leak"));
        var spectrum = TrialJacobians.Of(silent, new float[1], 1, 1).All[0].Spectrum;
        Assert.Equal([0.7, 0.7], spectrum.Eigenvalues.Select(z => z.Real));
        Assert.Equal((0.0, 1.0, 0.7), (spectrum.Edge, spectrum.FractionInside, spectrum.TheoryReach));
    }

    [Fact]
    public void Refusals_say_what_was_found()
    {
        var network = Nets.Of(2, [1, 2, 3, 4]);
        Assert.Contains("0", Assert.Throws<InvalidInputException>(() => TrialJacobians.Of(network, new float[4], 1, 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => TrialJacobians.Of(network, new float[5], 2, 1));
    }

    private static EiRnn Network(string name)
    {
        var parts = name.Split(' ', 3);
        var units = s_reference.GetProperty("bias").GetArrayLength();
        var cell = Nets.Cell(Enum.Parse<Activation>(parts[0]), Enum.Parse<CellForm>(parts[1]), parts[2], units);
        float[] Of(string key) => Numbers(s_reference.GetProperty(key));
        return EiRnn.FromWeights(
            new NetworkSpec { Units = units, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5), Init = null, Cell = cell },
            Of("w_in"), Of("w"), Of("bias"), new float[units], [], null, Of("initial"));
    }

    /// <summary>The numbers of nested arrays in their order.</summary>
    private static float[] Numbers(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().SelectMany(Numbers)] : [(float)array.GetDouble()];
}

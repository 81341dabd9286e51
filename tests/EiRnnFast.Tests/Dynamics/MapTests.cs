using EiRnnFast.Dynamics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>The map of every cell: activations, forms and leaks.</summary>
public sealed class MapTests
{
    public static TheoryData<Activation, CellForm, string> Cells
    {
        get
        {
            var cells = new TheoryData<Activation, CellForm, string>();
            foreach (var activation in Enum.GetValues<Activation>())
                foreach (var form in Enum.GetValues<CellForm>())
                    foreach (var alpha in (string[])["none", "leak", "per unit"]) cells.Add(activation, form, alpha);
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_jacobian_is_that_of_central_differences_and_pushes_and_pulls_are_its_products(
        Activation activation, CellForm form, string alpha)
    {
        const int n = 7;
        const double step = 1e-5;
        var map = RecurrentMap.Of(Nets.Random(n, 1.2, Nets.Cell(activation, form, alpha, n)), [0.3, -0.7]);
        Assert.Equal(form == CellForm.Voltage && alpha != "none", map.IsOfVoltages);
        double[] h = Nets.Cube(n, 1)[0], jacobian = new double[n * n], next = new double[n], slopes = new double[n];
        double[] up = new double[n], down = new double[n];
        map.Jacobian(h, jacobian);
        map.StepAndSlopes(h, next, slopes);
        for (var i = 0; i < n; i++)
        {
            double[] there = [.. h], back = [.. h], unit = new double[n], pushed = new double[n], pulled = new double[n];
            (there[i], back[i], unit[i]) = (h[i] + step, h[i] - step, 1);
            map.Step(there, up);
            map.Step(back, down);
            map.Push(unit, slopes, pushed);
            map.Pull(unit, slopes, pulled);
            for (var j = 0; j < n; j++)
            {
                Assert.Equal((up[j] - down[j]) / (2 * step), jacobian[i * n + j], 1e-8);
                Assert.Equal(jacobian[i * n + j], pushed[j], 1e-14);
                Assert.Equal(jacobian[j * n + i], pulled[j], 1e-14);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_trajectory_is_the_networks_own_run_from_its_initial_state(Activation activation, CellForm form, string alpha)
    {
        const int n = 11, steps = 9;
        var network = Nets.Random(n, 0.8, Nets.Cell(activation, form, alpha, n));
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 2 * steps * 2).Select(_ => (float)random.NextDouble())];
        var (map, rates) = (RecurrentMap.Of(network), network.Run(x, 2).States);
        var states = map.States(x, 2);
        Assert.Equal(rates.Length, states.Length);
        for (var t = 0; t < 2 * steps; t++)
        {
            var found = map.Rates([.. states.Skip(t * n).Take(n).Select(value => (double)value)]);
            for (var j = 0; j < n; j++) Assert.Equal(rates[t * n + j], found[j], 2e-5 * Math.Max(1, Math.Abs(found[j])));
        }
    }

    [Fact]
    public void The_slope_of_relu_at_0_is_0()
    {
        foreach (var form in Enum.GetValues<CellForm>())
        {
            var map = RecurrentMap.Of(Nets.With(Nets.Of(2, [1, 2, 3, 4]), Nets.Cell(Activation.Relu, form, "leak")));
            var jacobian = new double[4];
            map.Jacobian(new double[2], jacobian);
            Assert.Equal([0.7, 0, 0, 0.7], jacobian);
        }
    }

    [Theory]
    [InlineData(Activation.Tanh, CellForm.Rate, false)]
    [InlineData(Activation.Tanh, CellForm.Voltage, false)]
    [InlineData(Activation.Relu, CellForm.Rate, false)]
    [InlineData(Activation.Relu, CellForm.Voltage, false)]
    [InlineData(Activation.Tanh, CellForm.Rate, true)]
    [InlineData(Activation.Relu, CellForm.Voltage, true)]
    public void The_bulk_of_a_jacobian_fills_the_disc_of_theory(Activation activation, CellForm form, bool dale)
    {
        const int n = 400, matrices = 3;
        var signs = dale ? SignConstraint.Presynaptic(0.5) with { Mode = SignMode.Magnitude } : SignConstraint.None;
        var cell = Nets.Cell(activation, form, "leak");
        var ratio = 0.0;
        for (var seed = 1; seed <= matrices; seed++)
        {
            var map = RecurrentMap.Of(Nets.Random(n, 1.3, cell, signs, seed));
            double[] h = Nets.Cube(n, 1, seed)[0], next = new double[n], slopes = new double[n], jacobian = new double[n * n];
            map.StepAndSlopes(h, next, slopes);
            map.Jacobian(h, jacobian);
            var theory = JacobianTheory.Of(map, slopes)!;
            Assert.Equal(0.7, theory.Centre, 1e-12);
            // Silent units of relu leave eigenvalues at the centre, which no disc's law knows.
            var shifted = EigenSolver.Current.Eigenvalues(jacobian, n).Select(z => (z - theory.Centre).Magnitude).Where(r => r > 1e-9);
            ratio += SpectralBulk.Of(shifted).OuterRadius / theory.Radius / matrices;
        }
        Assert.Equal(1, ratio, 0.03);
    }

    [Fact]
    public void Theory_of_a_silent_tanh_network_is_that_of_its_weights_and_needs_one_alpha()
    {
        const int n = 200;
        double[] ones = [.. Enumerable.Repeat(1.0, n)];
        foreach (var axis in (SignAxis[])[SignAxis.Presynaptic, SignAxis.Postsynaptic])
        {
            var signs = SignConstraint.Of(axis, 0.7) with { Mode = SignMode.Magnitude };
            var map = RecurrentMap.Of(Nets.Random(n, 1, Nets.Cell(Activation.Tanh, CellForm.Rate, "leak"), signs));
            Assert.Equal(0.3 * 0.6028, JacobianTheory.Of(map, ones)!.Radius, 0.005); // √(1 − 2/π)
            Assert.Equal(0, JacobianTheory.Of(map, new double[n])!.Radius);
        }
        var mixed = Nets.Random(n, 1, Nets.Cell(Activation.Tanh, CellForm.Rate, "per unit", n));
        Assert.Null(JacobianTheory.Of(RecurrentMap.Of(mixed), ones));
    }

    [Fact]
    public void Noise_has_the_same_bits_in_every_kernel_set_and_is_asked_for()
    {
        // Without weights and leak the rates are the noise alone.
        const int n = 70;
        var still = Nets.With(Nets.Of(n, new float[n * n]), new CellSpec { Activation = Activation.Linear, Noise = 0.2 });
        var x = new float[3 * 5];
        var runs = KernelSet.Available.Select(kernels => still.Run(x, 3, kernels, noiseSeed: 4).States).ToArray();
        Assert.All(runs, run => Assert.Equal(runs[0], run));
        Assert.NotEqual(runs[0], still.Run(x, 3, noiseSeed: 5).States);
        Assert.All(still.Run(x, 3).States, r => Assert.Equal(0, r));
        Assert.Equal(Math.Sqrt(2) * 0.2, Math.Sqrt(runs[0].Average(r => (double)r * r)), 0.02);
        // A trial's noise does not depend on the others.
        Assert.Equal(runs[0][..(n * 5)], still.Run(x.AsSpan(0, 5), 1, noiseSeed: 4).States);

        // Voltage: v_0 = √(2α)·σ·ξ.
        var leaky = Nets.With(still, new CellSpec { Activation = Activation.Linear, Form = CellForm.Voltage, Alpha = 0.2, Noise = 0.2 });
        var first = leaky.Run(x, 3, noiseSeed: 4).States;
        for (var j = 0; j < n; j++) Assert.Equal(runs[0][j] / Math.Sqrt(2) * Math.Sqrt(2 * 0.2), first[j], 1e-6);

        Assert.Contains("noise_rec: found 0, expected above 0",
            Assert.Throws<InvalidInputException>(() => Nets.Rotation(1, 1).Run(x, 3, noiseSeed: 1)).Message, StringComparison.Ordinal);
    }
}

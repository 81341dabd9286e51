using System.Globalization;
using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Threads;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Products with a W_rec that lacks weights: every form gives what the dense one gives, in bits of its own.</summary>
public sealed class RecurrentFormTests
{
    private static readonly RecurrentForm[] s_forms = [RecurrentForm.Dense, RecurrentForm.Blocks, RecurrentForm.Sparse];

    /// <summary>Those with forms, AVX-512 also where the processor lacks it: the lanes are then made of smaller ones.</summary>
    private static readonly KernelSet[] s_sets = [KernelSet.Vector, KernelSet.Vector512];

    private static readonly TrainingOptions s_short = new()
    {
        Epochs = 2, BatchSize = 16, TestTrials = 10, LearningRate = 1e-3, StopLoss = 0,
    };

    public static TheoryData<string, string> Networks()
    {
        var cases = new TheoryData<string, string>();
        string[] wirings = ["0.05", "0.1", "0.3", "0.7", "1", "areas", "holes"];
        var count = 0;
        foreach (var cell in new[] { "tanh", "softplus", "rate", "voltage", "magnitude" })
            for (var i = 0; i < 4; i++) cases.Add(cell, wirings[count++ % wirings.Length]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_form_gives_the_oracles_loss_and_gradients(string cell, string wiring)
    {
        foreach (var units in new[] { 21, 32, 43, 66 })
            foreach (var sharing in new[] { true, false })
            {
                var network = Network(cell, wiring, units);
                var batch = Batch(19, 11);
                var oracle = new NaiveModel(network);
                var (loss, expected) = (oracle.Loss(batch), oracle.Gradients(batch));
                foreach (var set in s_sets)
                    foreach (var form in s_forms)
                    {
                        var options = new TrainingOptions { Sharing = sharing, RecurrentForm = form };
                        var (found, actual) = Gradients(network, batch, options, set);
                        Assert.Equal(loss, found, 3e-6 * loss);
                        for (var tensor = 0; tensor < actual.Length; tensor++)
                            AssertClose(expected[tensor], actual[tensor], 5e-6, $"{set.Name} {form} {units} {sharing} {tensor}");
                    }
            }
    }

    [Theory]
    [InlineData(450, "0.02")]
    [InlineData(450, "0.2")]
    [InlineData(450, "areas")]
    [InlineData(512, "holes")]
    public void Large_networks_in_every_form_agree_with_the_dense_one(int units, string wiring)
    {
        var network = Network("tanh", wiring, units);
        var batch = Batch(37, 9);
        foreach (var set in s_sets)
        {
            var (loss, expected) = Gradients(network, batch, new TrainingOptions { RecurrentForm = RecurrentForm.Dense }, set);
            foreach (var form in s_forms)
            {
                var (found, actual) = Gradients(network, batch, new TrainingOptions { RecurrentForm = form }, set);
                Assert.Equal(loss, found, 1e-5 * loss);
                for (var tensor = 0; tensor < actual.Length; tensor++)
                    AssertClose([.. expected[tensor].Select(value => (double)value)], actual[tensor], 1e-5, $"{set.Name} {form} {tensor}");
            }
        }
    }

    [Theory]
    [InlineData("tanh", "0.1", 43)]
    [InlineData("tanh", "0.2", 300)]
    [InlineData("tanh", "areas", 300)]
    [InlineData("softplus", "holes", 66)]
    [InlineData("noise", "0.1", 67)]
    [InlineData("magnitude", "areas", 43)]
    public void Every_form_has_the_same_bits_on_any_number_of_threads(string cell, string wiring, int units)
    {
        var task = new ArrayTask("given", Batch(42, 9));
        foreach (var form in s_forms)
        {
            var options = s_short with { RecurrentForm = form, Epochs = 1 };
            var expected = Train(1);
            Assert.Equal(expected, Train(1));
            Assert.Equal(expected, Train(2));
            Assert.Equal(expected, Train(3));

            float[] Train(int threads)
            {
                var network = Network(cell, wiring, units);
                new Trainer(network, task).Run(options, threads: new ThreadBudget(threads) { IsForced = true });
                return [.. network.InputWeights, .. network.TrainedRecurrentWeights, .. network.Bias, .. network.OutputWeights];
            }
        }
    }

    [Fact]
    public void A_rows_states_do_not_depend_on_how_many_rows_a_batch_has()
    {
        var network = Network("tanh", "0.1", 43);
        var batch = Batch(1, 9);
        var options = new TrainingOptions { Sharing = false, RecurrentForm = RecurrentForm.Sparse };
        foreach (var set in s_sets)
        {
            var workspace = new TrainingWorkspace(network.Spec, batch.Steps, 40, set);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            var gradient = new BatchGradient(workspace, batch, network, options);
            gradient.Compute(new int[1]);
            var alone = workspace.States.Span.Slice(9 * workspace.Layout.Width * set.PadRows(1), workspace.Layout.Width).ToArray();
            for (var trials = 2; trials < 40; trials += 5)
            {
                gradient.Compute(new int[trials]);
                for (var row = 0; row < trials; row++)
                    Assert.Equal(alone, workspace.States.Span.Slice((9 * set.PadRows(trials) + row) * workspace.Layout.Width,
                        workspace.Layout.Width).ToArray());
            }
        }
    }

    [Fact]
    public void A_training_in_every_form_ends_at_the_same_loss_and_says_its_form()
    {
        var task = TaskCatalog.Get("and");
        var dense = double.NaN;
        foreach (var form in s_forms)
        {
            var network = Network("tanh", "0.15", 60, task.Outputs, task.Inputs);
            var options = s_short with { Epochs = 3, Trials = 300, RecurrentForm = form };
            var result = new Trainer(network, task).Run(options, kernels: KernelSet.Vector);
            Assert.Equal(form.ToString().ToLowerInvariant(), result.RecurrentForm);
            var loss = result.FinalLoss ?? double.NaN;
            if (form == RecurrentForm.Dense) dense = loss;
            Assert.Equal(dense, loss, 1e-4 * dense);
            for (var i = 0; i < network.Masks!.Recurrent!.Count; i++)
                if (!network.Masks.Recurrent[i]) Assert.Equal(0, network.RecurrentWeights[i]);
        }
    }

    [Fact]
    public void The_form_follows_from_mask_and_kernels()
    {
        Assert.Equal(RecurrentForm.Dense, Chosen(new Wiring { Autapses = false }));
        Assert.Equal(RecurrentForm.Dense, Chosen(new Wiring { Density = 0.6 }));
        Assert.Equal(RecurrentForm.Sparse, Chosen(new Wiring { Density = 0.1 }));
        Assert.Equal(RecurrentForm.Blocks, Chosen(Areas(1)));
        Assert.Equal(RecurrentForm.Sparse, Chosen(Areas(0.1)));
        Assert.Equal(RecurrentForm.Dense, RecurrentPattern.Of(null, 50, KernelSet.Vector, 64).Form);
        Assert.Equal(RecurrentForm.Blocks, RecurrentPattern.Of(new bool[2500], 50, KernelSet.Vector, 64).Form); // nothing to multiply
        Assert.Equal(RecurrentForm.Dense, RecurrentPattern.Of(new bool[2500], 50, KernelSet.Scalar, 64).Form);
        Assert.Equal(RecurrentForm.Dense, RecurrentPattern.Of(new bool[900], 30, KernelSet.Vector, 64).Form); // too few units
        Assert.Equal(RecurrentForm.Dense, RecurrentPattern.Of(new bool[2500], 50, KernelSet.Vector, 4).Form); // too few trials
    }

    [Theory]
    [InlineData(60, 0.15)]
    [InlineData(450, 0.1)]
    [InlineData(450, 0.37)]
    public void A_pattern_takes_no_more_memory_than_is_planned(int units, double density)
    {
        var wiring = new Wiring { Density = density };
        var network = EiRnn.Create(new NetworkSpec { Units = units, Inputs = 2, Outputs = 1, Wiring = wiring }, 1);
        foreach (var set in s_sets)
        {
            var pattern = RecurrentPattern.Of(network.Masks!.Recurrent, units, set, 64);
            Assert.Equal(RecurrentForm.Sparse, pattern.Form);
            Assert.InRange(pattern.Floats, 1, RecurrentPattern.MostFloats(units, set));
        }
    }

    private static RecurrentForm Chosen(Wiring wiring)
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 400, Inputs = 2, Outputs = 1, Wiring = wiring }, 1);
        return RecurrentPattern.Of(network.Masks!.Recurrent, 400, KernelSet.Vector, 64).Form;
    }

    private static Wiring Areas(double density) => new()
    {
        Areas = new Dictionary<string, double> { ["a"] = 0.4, ["b"] = 0.3, ["c"] = 0.3 },
        Projections = [FormattableString.Invariant($"a -> b {density}"), FormattableString.Invariant($"b -> c {density}")],
        Density = density,
    };

    private static EiRnn Network(string cell, string wiring, int units, int outputs = 2, int inputs = 3)
    {
        var spec = new NetworkSpec
        {
            Units = units, Inputs = inputs, Outputs = outputs, Init = RecurrentInit.Normal(cell == "magnitude" ? 0.5 : 1.1),
            Signs = SignConstraint.Presynaptic(0.6) with { Mode = cell == "magnitude" ? SignMode.Magnitude : SignMode.Projection },
            Wiring = wiring switch
            {
                "areas" => Areas(1),
                "holes" => new Wiring { Given = Holes(units) },
                _ => new Wiring { Density = Math.Max(double.Parse(wiring, CultureInfo.InvariantCulture), 5.0 / units), Autapses = false },
            },
            Cell = cell switch
            {
                "softplus" => new CellSpec { Activation = Activation.Softplus },
                "rate" => new CellSpec { Alpha = 0.3, TrainInitialState = true },
                "voltage" => new CellSpec { Alpha = 0.4, Form = CellForm.Voltage, Activation = Activation.Softplus },
                "noise" => new CellSpec { Alpha = 0.3, Noise = 0.1, Activation = Activation.Relu },
                _ => new CellSpec(),
            },
        };
        return EiRnn.Create(spec, 5);
    }

    /// <summary>Units without weights from others, without weights to others, and without both.</summary>
    private static GivenMasks Holes(int units)
    {
        var random = new Random(units);
        var mask = new bool[units * units];
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
                mask[i * units + j] = i % 5 != 1 && j % 7 != 2 && i / 9 != 1 && j / 17 != 1 && random.NextDouble() < 0.3;
        return new GivenMasks(new WiringMasks { Recurrent = mask },
            new Dictionary<NetworkTensor, int> { [NetworkTensor.RecurrentWeights] = units }, null, null);
    }

    /// <summary>Trials whose inputs agree for some steps.</summary>
    private static TrialBatch Batch(int count, int steps)
    {
        var drawn = RandomTrials.Draw(3, count, steps, 3, 2, masked: true);
        for (var trial = 1; trial < count; trial++)
            if (trial % 4 != 0) drawn.InputsOf(trial - 1)[..(3 * (trial * 5 % steps))].CopyTo(drawn.X.AsSpan(trial * steps * 3));
        return drawn;
    }

    private static (double Loss, float[][] Gradients) Gradients(EiRnn network, TrialBatch batch, TrainingOptions options, KernelSet set)
    {
        var workspace = new TrainingWorkspace(network.Spec, batch.Steps, batch.Count, set);
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, batch, network, options);
        Assert.Equal(options.RecurrentForm, gradient.RecurrentForm);
        int[] all = [.. Enumerable.Range(0, batch.Count)];
        gradient.Compute(all);
        var loss = gradient.Compute(all); // a second time: nothing is left from the first
        var found = network.Clone();
        workspace.Layout.CopyTo(workspace.Gradients.Span, found);
        float[][] gradients = [found.InputWeights.ToArray(), found.TrainedRecurrentWeights.ToArray(), found.Bias.ToArray(),
            found.OutputWeights.ToArray(), found.OutputBias.ToArray()];
        return (loss, network.Spec.Cell.TrainInitialState ? [.. gradients, found.InitialState.ToArray()] : gradients);
    }

    private static void AssertClose(double[] expected, float[] actual, double relative, string name)
    {
        var norm = Math.Sqrt(expected.Sum(g => g * g));
        var difference = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
        Assert.True(difference <= relative * norm, $"{name}: ‖difference‖/‖gradient‖ = {difference / norm:g3}");
    }
}

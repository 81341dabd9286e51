using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Terms of one's own give what the same terms give that the engine has itself.</summary>
public sealed class LossTermTests
{
    public static TheoryData<string, CellForm, SignMode> Cases()
    {
        var cases = new TheoryData<string, CellForm, SignMode>();
        foreach (var set in KernelSet.Available)
            foreach (var form in Enum.GetValues<CellForm>())
                foreach (var mode in Enum.GetValues<SignMode>()) cases.Add(set.Name, form, mode);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_rates_and_weights_as_terms_are_those_of_the_engine(string set, CellForm form, SignMode mode)
    {
        var spec = new NetworkSpec
        {
            Units = 19, Inputs = 2, Outputs = 3, Signs = SignConstraint.Presynaptic(0.6) with { Mode = mode },
            Init = RecurrentInit.Normal(0.7), Cell = new CellSpec { Alpha = 0.5, Activation = Activation.Relu, Form = form },
        };
        var batch = RandomTrials.Draw(4, 5, 12, 2, 3, masked: true);
        var own = new TrainingOptions { Loss = LossFunction.None, Terms = [new SquaredError(), new RatesAndWeights()] };
        var built = new TrainingOptions { Penalties = new Penalties { L2Rate = 0.4, L2Recurrent = 0.01 } };
        var (loss, gradients) = Gradients(spec, batch, own, set);
        var (expected, expectedGradients) = Gradients(spec, batch, built, set);
        Assert.Equal(expected, loss, 1e-5 * expected);
        var scale = expectedGradients.Max(MathF.Abs);
        for (var i = 0; i < gradients.Length; i++) Assert.Equal(expectedGradients[i], gradients[i], 1e-5 * scale);
    }

    [Fact]
    public void A_training_with_terms_learns_and_a_run_that_is_written_down_refuses_them()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 20, Inputs = 1, Outputs = 1 }, 1);
        var options = new TrainingOptions
        {
            Trials = 500, Epochs = 3, LearningRate = 1e-3, Loss = LossFunction.None, Terms = [new SquaredError()],
        };
        var result = new Trainer(network, TaskCatalog.Get("perceptual-decision")).Run(options);
        Assert.True(result.Losses[^1] < result.Losses[0]);
        Assert.Equal(result.Losses, result.TaskLosses);
        Assert.Equal(0, result.StatesSaved);
        Assert.Contains("terms of one's own", Assert.Throws<InvalidInputException>(() =>
            new EiRnnFast.Settings.RunSettings { Training = options }.ToSpec()).Message, StringComparison.Ordinal);
        Assert.Contains("no term of one's own", Assert.Throws<InvalidInputException>(() =>
            new TrainingOptions { Loss = LossFunction.None }.Validate()).Message, StringComparison.Ordinal);
    }

    private static (double, float[]) Gradients(NetworkSpec spec, TrialBatch batch, TrainingOptions options, string set)
    {
        var network = EiRnn.Create(spec, 3);
        var workspace = new TrainingWorkspace(options.SpecFor(spec), batch.Steps, batch.Count, KernelSet.Get(set));
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        var loss = new BatchGradient(workspace, batch, network, options).Compute([.. Enumerable.Range(0, batch.Count)]);
        return (loss, workspace.Gradients.Span.ToArray());
    }

    private sealed class SquaredError : ILossTerm
    {
        public double Add(in UpdateView update)
        {
            double weight = 0, squares = 0;
            foreach (var m in update.Weights) weight += m;
            for (var i = 0; i < update.Readout.Length; i++)
            {
                var error = update.Readout[i] - update.Targets[i];
                squares += update.Weights[i] * error * error;
                update.ReadoutGradient[i] += (float)(2 * update.Weights[i] * error / weight);
            }
            return squares / weight;
        }
    }

    private sealed class RatesAndWeights : ILossTerm
    {
        public double Add(in UpdateView update)
        {
            double rates = 0, weights = 0;
            for (var i = 0; i < update.Rates.Length; i++)
            {
                rates += update.Rates[i] * update.Rates[i] * 0.4 / update.Rates.Length;
                update.RateGradient[i] += 0.8f * update.Rates[i] / update.Rates.Length;
            }
            for (var i = 0; i < update.Recurrent.Length; i++)
            {
                weights += 0.01 * update.Recurrent[i] * update.Recurrent[i];
                update.RecurrentGradient[i] += 0.02f * update.Recurrent[i];
            }
            return rates + weights;
        }
    }
}

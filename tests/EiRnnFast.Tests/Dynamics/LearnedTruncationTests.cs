using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Training;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Networks with part of what training has added: against NumPy (truncations.py), and where the answer is known.</summary>
public sealed class LearnedTruncationTests(ITestOutputHelper output)
{
    private const int N = 12, Inputs = 2, Trials = 8, Steps = 15;

    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Dynamics", "truncations.json"))).RootElement;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Truncated_matrices_and_their_losses_are_those_of_numpy(int seed)
    {
        var (trained, initial, task) = Drawn(seed);
        var (after, before) = LearnedComponents.MatricesOf(trained, initial);
        var components = new LearnedComponents(after, before, N);
        var found = LearnedTruncations.Of(trained, initial, task, task.Generate(Trials, 1));
        Assert.Equal(Enumerable.Range(0, N + 1), found.Ranks.Select(one => one.Rank));
        double[] sum = [.. before];
        var (worst, worstLoss) = (0.0, 0.0);
        foreach (var (k, expected) in s_reference.GetProperty($"{seed}").EnumerateArray().Index())
        {
            if (k > 0) components.Add(k - 1, sum);
            double[] w = [.. expected.GetProperty("w").EnumerateArray().Select(weight => weight.GetDouble())];
            worst = Math.Max(worst, w.Zip(sum, (a, b) => Math.Abs(a - b)).Max());
            var one = found.Ranks[k];
            worst = Math.Max(worst, Math.Abs(expected.GetProperty("norm").GetDouble() - one.Norm));
            worst = Math.Max(worst, Math.Abs(expected.GetProperty("wrong_signs").GetDouble() - one.WrongSigns));
            worst = Math.Max(worst, Math.Abs(expected.GetProperty("removed_norm").GetDouble() - one.RemovedNorm));
            worstLoss = Math.Max(worstLoss, Math.Abs(expected.GetProperty("loss").GetDouble() - one.Loss));
            worstLoss = Math.Max(worstLoss, Math.Abs(expected.GetProperty("projected_loss").GetDouble() - one.ProjectedLoss));
            Assert.Equal(0, one.Absent);
        }
        output.WriteLine($"worst difference of matrices and shares {worst:0.0e0}, of losses {worstLoss:0.0e0}");
        Assert.InRange(worst, 0, 1e-8);
        Assert.InRange(worstLoss, 0, 2e-7); // trials run in single precision
        Assert.Contains(found.Ranks, one => one.WrongSigns > 0 && one.Loss != one.ProjectedLoss);
    }

    [Fact]
    public void The_first_is_the_initial_matrix_the_last_the_trained_network_and_any_threads_find_the_same()
    {
        var (trained, initial, task) = Drawn(3);
        var trials = task.Generate(Trials, 1);
        List<int> told = [];
        var found = LearnedTruncations.Of(trained, initial, task, trials, progress: told.Add);
        Assert.Equal(Enumerable.Range(1, N + 1), told);
        var (accuracy, loss) = Lesions.Judge(trained, task, trials);
        Assert.Equal((N, 1.0, accuracy, loss, 0.0), (found.Ranks[^1].Rank, found.Ranks[^1].Norm, found.Ranks[^1].Accuracy,
            found.Ranks[^1].Loss, found.Ranks[^1].WrongSigns));
        Assert.Equal((0, 0.0, 0.0), (found.Ranks[0].Rank, found.Ranks[0].Norm, found.Ranks[0].WrongSigns)); // P(W0) breaks no sign
        Assert.True(found.Ranks[found.Keeping].Accuracy >= accuracy);
        Assert.All(found.Ranks.Take(found.Keeping), one => Assert.True(one.Accuracy < accuracy));
        Assert.All(found.Ranks.Skip(found.Settled), one => Assert.True(one.Accuracy >= accuracy));
        Assert.InRange(found.Settled, found.Keeping, N);
        Assert.True(found.Settled == 0 || found.Ranks[found.Settled - 1].Accuracy < accuracy);
        foreach (var threads in (int[])[2, 3, 5])
            Assert.Equal(JsonSerializer.Serialize(found),
                JsonSerializer.Serialize(LearnedTruncations.Of(trained, initial, task, trials, threads: threads)));
    }

    [Fact]
    public void A_change_of_rank_one_needs_one_component()
    {
        // Two silent units but for the learned loop from 0 to 1: nothing is answered without it.
        var spec = new NetworkSpec { Units = 3, Inputs = 1, Outputs = 1, Signs = SignConstraint.None, Init = null };
        EiRnn With(float weight) => EiRnn.FromWeights(spec, [1, 0, 0], [0, weight, 0, 0, 0, 0, 0, 0, 0], [], [0, 1, 0], []);
        float[] answers = [0, MathF.Tanh(2 * MathF.Tanh(1)), MathF.Tanh(2 * MathF.Tanh(1))];
        var task = new ArrayTask("loop", new TrialBatch { Count = 1, Steps = 3, Inputs = 1, Outputs = 1, X = [1, 1, 1], Y = answers });
        var found = LearnedTruncations.Of(With(2), With(0), task, task.Generate(1, 1));
        Assert.True(found.Ranks[0].Loss > 0.1);
        Assert.All(found.Ranks.Skip(1), one => Assert.InRange(one.Loss, 0, 1e-12));
        Assert.Equal(1, found.Ranks[1].Norm, 12);
    }

    [Fact]
    public void Weights_that_no_mask_allows_are_counted_and_removed_by_the_projection()
    {
        var spec = new NetworkSpec
        {
            Units = 20, Inputs = 2, Outputs = 1, Wiring = Wiring.Full with { Density = 0.3 }, Init = RecurrentInit.Normal(1),
        };
        var (task, initial, trained) = (TaskCatalog.Get("and"), EiRnn.Create(spec, 4), EiRnn.Create(spec, 4));
        new Trainer(trained, task).Run(new TrainingOptions { Epochs = 1, Trials = 20, TestTrials = 5 });
        var found = LearnedTruncations.Of(trained, initial, task, task.Generate(5, 3));
        Assert.Equal((0, 0), (found.Ranks[0].Absent, found.Ranks[^1].Absent));
        Assert.True(found.Ranks[1].Absent > 0.1);
        Assert.True(found.Ranks[1].Loss != found.Ranks[1].ProjectedLoss);
    }

    [Fact]
    public void The_initial_network_is_drawn_again_to_the_bit()
    {
        foreach (var init in (RecurrentInit[])[RecurrentInit.Orthogonal(), RecurrentInit.Normal(1.2) with { Balanced = true },
            RecurrentInit.TwoGaussian(), RecurrentInit.Normal(1) with { SpectralRadius = 1.5 }])
        {
            var spec = new NetworkSpec
            {
                Units = 16, Inputs = 2, Outputs = 1, Init = init, Wiring = Wiring.Full with { Density = 0.5 },
            };
            var (initial, trained) = (EiRnn.Create(spec, 9), EiRnn.Create(spec, 9));
            new Trainer(trained, TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1, Trials = 10, TestTrials = 5 });
            Assert.NotEqual(initial.RecurrentWeights.ToArray(), trained.RecurrentWeights.ToArray());
            Assert.Equal(initial.RecurrentWeights.ToArray(), LearnedTruncations.InitialOf(trained).RecurrentWeights.ToArray());
        }
        var (given, _, task) = Drawn(1);
        Assert.Contains("no recorded seed", Assert.Throws<InvalidInputException>(() => LearnedTruncations.InitialOf(given)).Message,
            StringComparison.Ordinal);
        var other = EiRnn.Create(new NetworkSpec { Units = N, Inputs = Inputs, Outputs = 1, Signs = SignConstraint.None }, 1);
        Assert.Throws<InvalidInputException>(() => LearnedTruncations.Of(given, other, task, task.Generate(1, 1)));
        var masked = EiRnn.FromWeights(other.Spec, other.InputWeights, other.TrainedRecurrentWeights, other.Bias, other.OutputWeights,
            other.OutputBias, other.Seed, masks: new WiringMasks { Recurrent = [.. Enumerable.Range(0, N * N).Select(k => k % 3 > 0)] });
        Assert.Contains("mask", Assert.Throws<InvalidInputException>(() => LearnedTruncations.InitialOf(masked)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The networks and trials of truncations.py.</summary>
    private static (EiRnn Trained, EiRnn Initial, ArrayTask Task) Drawn(int seed)
    {
        long state = seed;
        float[] Next(int count, float over) => [.. Enumerable.Range(0, count)
            .Select(_ => ((state = (state * 1103515245 + 12345) % (1L << 31)) / 65536 % 17 - 8) / over)];
        float Allowed(float weight, int k) => weight * (k / N < N / 2 ? -1 : 1) < 0 ? 0 : weight;
        var initial = Next(N * N, 32);
        float[] wIn = [.. Next(Inputs * N, 8).Select(Math.Abs)], bias = Next(N, 16), wOut = Next(N, 8);
        float[] left = Next(N, 1), right = Next(N, 1), further = Next(N * N, 256);
        float[] trained = [.. initial.Select((weight, k) =>
            Allowed(Allowed(weight, k) + left[k / N] * right[k % N] / 512 + further[k], k))];
        float[] x = Next(Trials * Steps * Inputs, 8), y = Next(Trials * Steps, 8);
        var spec = new NetworkSpec { Units = N, Inputs = Inputs, Outputs = 1, Init = null };
        return (EiRnn.FromWeights(spec, wIn, trained, bias, wOut, []), EiRnn.FromWeights(spec, wIn, initial, bias, wOut, []),
            new ArrayTask("given", new TrialBatch { Count = Trials, Steps = Steps, Inputs = Inputs, Outputs = 1, X = x, Y = y }));
    }
}

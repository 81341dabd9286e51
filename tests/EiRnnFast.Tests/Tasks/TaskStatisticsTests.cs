using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Tasks;

/// <summary>
/// What the generators draw, as distributions: bounds are at least four standard errors wide. The tasks of Yang et al. have 85 inputs and
/// tests of their own: see <see cref="YangTaskTests"/>.
/// </summary>
public sealed class TaskStatisticsTests
{
    private const int N = 6000;

    private static readonly Dictionary<string, (CatalogTask Task, TrialBatch Data)> s_data =
        Small.ToDictionary(task => task.Name, task => (task, task.Generate(N, task.DefaultDataSeed)));

    public static TheoryData<string> Names => [.. Small.Select(task => task.Name)];

    private static IEnumerable<CatalogTask> Small => TaskCatalog.All.Where(task => task.Inputs < 10);

    [Theory]
    [InlineData("and", 100, 50)]
    [InlineData("or", 100, 50)]
    [InlineData("xor", 100, 50)]
    [InlineData("delayed-response", 120, 70)]
    [InlineData("amplitude-sign", 220, 70)]
    [InlineData("continuous-integration", 160, 150)]
    [InlineData("cued-integration", 160, 150)]
    public void Delays_are_uniform_on_1_to_their_span(string name, int answer, int span) =>
        Uniform(s_data[name].Data.ResponseStart.Select(start => start - answer), 1, span);

    [Fact]
    public void Other_times_are_uniform_too()
    {
        Uniform(s_data["interval-comparison"].Data.ResponseStart.Select(start => start - 235), 50, 70);
        Uniform(s_data["working-memory"].Data.ResponseStart.Select(start => start - 15), 25, 26);
        Uniform(s_data["match-to-sample"].Data.ResponseStart.Select(start => start - 55), 25, 125);
        // Encoded time: delay of 1 … 70 and separation of 20, 40 … 160, from the pulses themselves.
        var data = s_data["encoded-time"].Data;
        var pulses = Enumerable.Range(0, N).Where(trial => data.Types[trial] != 0).Select(trial =>
        {
            var x = data.InputsOf(trial).ToArray();
            var first = Array.FindIndex(x, value => value != 0);
            return (Delay: first - 50, Separation: Array.FindIndex(x, first + 20, value => value != 0) - first - 20,
                Onset: data.ResponseStart[trial]);
        }).ToArray();
        Uniform(pulses.Select(pulse => pulse.Delay), 1, 70);
        Uniform(pulses.Select(pulse => pulse.Separation / 20), 1, 8);
        Assert.All(pulses, pulse => Assert.Equal(pulse.Onset, 90 + pulse.Delay + 2 * pulse.Separation));
    }

    [Theory]
    [InlineData("and", 4)]
    [InlineData("or", 4)]
    [InlineData("xor", 4)]
    [InlineData("not", 2)]
    [InlineData("flip-flop", 2)]
    [InlineData("oscillator", 2)]
    [InlineData("time-pulse", 2)]
    [InlineData("interval-comparison", 2)]
    [InlineData("perceptual-decision", 6)]
    [InlineData("working-memory", 2)]
    [InlineData("context-decision", 4)]
    [InlineData("match-to-sample", 4)]
    [InlineData("windowed-integration", 2)]
    [InlineData("continuous-integration", 2)]
    public void Types_are_balanced(string name, int types)
    {
        Assert.Equal(types, s_data[name].Task.TrialTypes.Count);
        Uniform(s_data[name].Data.Types, 0, types);
    }

    [Theory]
    [InlineData("delayed-response", 1)]
    [InlineData("long-short", 2)]
    [InlineData("four-times", 4)]
    [InlineData("eight-times", 8)]
    [InlineData("amplitude-sign", 8)]
    [InlineData("encoded-time", 1)]
    public void Half_of_the_trials_are_null_the_others_balanced(string name, int heights)
    {
        var types = s_data[name].Data.Types;
        Assert.Equal(0.5, types.Count(type => type == 0) / (double)N, 4 * 0.5 / Math.Sqrt(N));
        Uniform(types.Where(type => type != 0), 1, 2 * heights);
    }

    [Fact]
    public void Exactly_three_quarters_of_the_cued_trials_have_a_cue()
    {
        var data = s_data["cued-integration"].Data;
        Assert.Equal(N - 3 * N / 4, data.Types.Count(type => type == 2));
        for (var trial = 0; trial < N; trial++)
        {
            var cue = Enumerable.Range(0, data.Steps).Where(t => data.X[(trial * data.Steps + t) * 2 + 1] == 1).ToArray();
            var delay = data.ResponseStart[trial] - 160;
            Assert.Equal(data.Types[trial] == 2 ? [] : Enumerable.Range(30 + delay, 10), cue);
        }
    }

    [Theory]
    [InlineData("not", 0.1, 0, 30)]
    [InlineData("oscillator", 0.1, 0, 100)]
    [InlineData("time-pulse", 0.1, 0, 30)]
    [InlineData("delayed-response", 0.05, 0, 50)]
    [InlineData("eight-times", 0.05, 0, 50)]
    [InlineData("perceptual-decision", 0.1, 45, 51)]
    [InlineData("working-memory", 0.01, 0, 5)]
    [InlineData("context-decision", 0.1, 0, 22)]
    [InlineData("match-to-sample", 0.03, 0, 5)]
    public void Noise_is_Gaussian_and_independent(string name, double sigma, int from, int to)
    {
        var (task, data) = s_data[name];
        var channels = name == "context-decision" ? 2 : task.Inputs;
        List<double> noise = [];
        for (var trial = 0; trial < N; trial++)
            for (var t = from; t < to; t++)
                for (var c = 0; c < channels; c++) noise.Add(data.X[(trial * data.Steps + t) * data.Inputs + c] / sigma);
        var error = 1 / Math.Sqrt(noise.Count);
        Assert.Equal(0, noise.Average(), 4 * error);
        Assert.Equal(1, noise.Average(value => value * value), 4 * Math.Sqrt(2) * error);
        Assert.Equal(3, noise.Average(value => Math.Pow(value, 4)), 4 * Math.Sqrt(96) * error);
        Assert.Equal(0, noise.Zip(noise.Skip(1), (a, b) => a * b).Average(), 4 * error);
    }

    [Fact]
    public void Targets_carry_noise_where_the_reference_has_it()
    {
        var data = s_data["time-pulse"].Data;
        var noise = Enumerable.Range(0, N).SelectMany(trial => data.TargetsOf(trial)[..70].ToArray()).Select(value => (value - 0.01) / 0.1)
            .ToArray();
        Assert.Equal(0, noise.Average(), 4 / Math.Sqrt(noise.Length));
        Assert.Equal(1, noise.Average(value => value * value), 4 * Math.Sqrt(2.0 / noise.Length));
    }

    [Theory]
    [InlineData("windowed-integration")]
    [InlineData("continuous-integration")]
    public void Smoothed_noise_has_the_autocorrelation_of_its_window(string name)
    {
        var (_, data) = s_data[name];
        var hann = Enumerable.Range(0, 10).Select(k => (0.5 - 0.5 * Math.Cos(2 * Math.PI * k / 9)) / 4.5).ToArray();
        for (var lag = 0; lag <= 12; lag++)
        {
            var expected = Enumerable.Range(0, Math.Max(0, 10 - lag)).Sum(k => hann[k] * hann[k + lag]);
            var products = Enumerable.Range(0, N).Select(trial =>
            {
                var start = name == "windowed-integration" ? 50 : data.ResponseStart[trial] - 110;
                var x = data.InputsOf(trial).Slice(start + 10, 180);
                var sum = 0.0;
                for (var t = 0; t + lag < x.Length; t++) sum += x[t] * x[t + lag];
                return sum / (x.Length - lag);
            }).ToArray();
            var spread = Math.Sqrt(products.Average(p => p * p) - Math.Pow(products.Average(), 2));
            Assert.Equal(expected, products.Average(), 4 * spread / Math.Sqrt(N));
        }
    }

    [Fact]
    public void Frequency_pairs_are_uniform_over_the_54()
    {
        var data = s_data["working-memory"].Data;
        var counts = Enumerable.Range(0, N).Select(trial =>
        {
            var x = data.InputsOf(trial).ToArray();
            double Mean(int at) => (x[at] + x[at + 1] + x[at + 2] + x[at + 3] + x[at + 4]) / 5.0;
            return ((int)Math.Round(Mean(5) * 24 + 22), (int)Math.Round(Mean(data.ResponseStart[trial] - 5) * 24 + 22));
        }).GroupBy(pair => pair).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(54, counts.Count);
        Assert.All(counts.Keys, pair =>
            Assert.True(pair.Item1 is >= 10 and <= 34 && pair.Item2 is >= 10 and <= 34
            && Math.Abs(pair.Item1 - pair.Item2) is 8 or 16 or 24));
        ChiSquare([.. counts.Values]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Targets_count_as_right_and_silence_mostly_does_not(string name)
    {
        var (task, data) = s_data[name];
        var clean = TaskCatalog.Get(name, new Dictionary<string, double> { ["target_noise"] = 0 }).Generate(N, task.DefaultDataSeed);
        Assert.Equal(1, task.Accuracy(data, clean.Y));
        Assert.InRange(task.Accuracy(data, new float[data.Y.Length])!.Value, 0, 0.76);
        Assert.Equal(1, TrialAccuracy.OfTargets(clean, clean.Y));
        Assert.InRange(TrialAccuracy.OfTargets(clean, new float[data.Y.Length])!.Value, 0, 0.76);
        float[] wrong = [.. clean.Y];
        wrong.AsSpan(0, data.Steps).Fill(clean.Y[data.ResponseStart[0]] > 0.25 ? -1 : 1);
        Assert.Equal(1 - 1.0 / N, task.Accuracy(data, wrong)!.Value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Masks_weigh_the_decision_steps(string name)
    {
        var (task, data) = s_data[name];
        if (task.Family != "neuroscience")
        {
            Assert.Null(data.Mask);
            return;
        }
        var length = name switch { "working-memory" => 5, "match-to-sample" => 50, _ => 1 };
        for (var trial = 0; trial < N; trial++)
        {
            var (mask, y, start) = (data.MaskOf(trial).ToArray(), data.TargetsOf(trial).ToArray(), data.ResponseStart[trial]);
            Assert.All(Enumerable.Range(0, data.Steps), t => Assert.Equal(t >= start && t < start + length ? 1 : 0, mask[t]));
            Assert.All(Enumerable.Range(0, data.Steps).Where(t => mask[t] == 0), t => Assert.Equal(0, y[t]));
            Assert.NotEqual(0, y[start]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_arrays_come_out_on_any_thread(string name)
    {
        var (task, data) = s_data[name];
        var drawn = new TrialBatch[4];
        var threads = Enumerable.Range(0, 4)
            .Select(i => new Thread(() => drawn[i] = TaskCatalog.Get(name).Generate(N, task.DefaultDataSeed))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(drawn, batch => Assert.True(batch.X.AsSpan().SequenceEqual(data.X) && batch.Y.AsSpan().SequenceEqual(data.Y)));
        Assert.False(task.Generate(N, task.DefaultDataSeed + 1).X.AsSpan().SequenceEqual(data.X));
    }

    private static void Uniform(IEnumerable<int> values, int least, int count)
    {
        var counts = new int[count];
        foreach (var value in values)
        {
            Assert.InRange(value, least, least + count - 1);
            counts[value - least]++;
        }
        if (count > 1) ChiSquare(counts);
    }

    /// <summary>Counts of equally likely cases: χ² within 4.5 of its standard deviations.</summary>
    private static void ChiSquare(int[] counts)
    {
        var expected = counts.Average();
        double square = counts.Sum(found => (found - expected) * (found - expected) / expected), freedom = counts.Length - 1;
        Assert.InRange(square, 0, freedom + 4.5 * Math.Sqrt(2 * freedom) + 3);
    }
}

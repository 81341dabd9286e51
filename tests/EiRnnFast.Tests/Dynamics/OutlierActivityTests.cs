using System.Numerics;
using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Spectra;
using EiRnnFast.Tests.Spectra;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Outliers and activity: against SciPy and NumPy (outliers.py), and where the answer is known.</summary>
public sealed class OutlierActivityTests(ITestOutputHelper output)
{
    private const int N = 30, Moments = 80, Sources = 14;

    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Dynamics", "outliers.json"))).RootElement;

    private double _worst;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_share_is_that_of_scipy(int seed)
    {
        var (matrix, states) = Drawn(seed);
        var expected = s_reference.GetProperty($"{seed}");
        foreach (var solver in new[] { EigenSolver.Own, EigenSolver.Current })
        {
            var found = OutlierActivity.Of(matrix, solver.Eigenvalues(matrix, N), expected.GetProperty("outliers").GetInt32(),
                PrincipalComponents.Of(states, N), solver)!;
            Assert.Equal(expected.GetProperty("components").EnumerateArray().Select(count => count.GetInt32()), found.Components);
            var modes = expected.GetProperty("modes").EnumerateArray().ToArray();
            Assert.Equal(modes.Length, found.Modes.Count);
            foreach (var mode in modes)
            {
                var pair = mode.GetProperty("eigenvalue");
                Complex z = new(pair[0].GetDouble(), pair[1].GetDouble());
                var own = found.Modes.MinBy(one => (one.Eigenvalue - z).Magnitude)!;
                Same(mode.GetProperty("pattern"), own.Pattern);
                Same(mode.GetProperty("sensitivity"), own.Sensitivity);
            }
            Same(expected.GetProperty("patterns"), found.Patterns);
            Same(expected.GetProperty("sensitivities"), found.Sensitivities);
        }
        output.WriteLine($"worst difference {_worst:0.0e0}");
    }

    [Fact]
    public void Activity_along_a_pattern_lies_in_it_wholly_and_not_in_an_orthogonal_sensitivity()
    {
        // W = (1 at 0 → 1 and 1 → 1): the pattern is unit 1 alone; the sensitivity is (1, 1), half of which is unit 1.
        double[] matrix = [0, 1, 0, 0, 1, 0, 0, 0, 0.1];
        float[] states = [0, 1, 0, 0, 3, 0, 0, 2, 0, 0, -1, 0];
        var found = OutlierActivity.Of(matrix, EigenSolver.Own.Eigenvalues(matrix, 3), 1, PrincipalComponents.Of(states, 3))!;
        var mode = Assert.Single(found.Modes);
        Assert.Equal([1], found.Components); // no more components than the activity has
        Assert.Equal((1, 1), (mode.Pattern.Dimension, mode.Sensitivity.Dimension));
        Assert.Equal(1, mode.Pattern.Variance, 12);
        Assert.Equal(1, mode.Pattern.Mean!.Value, 12);
        Assert.Equal(1, mode.Pattern.InComponents[0], 12);
        Assert.Equal(0.5, mode.Sensitivity.Variance, 12);
        Assert.Equal(0.5, mode.Sensitivity.InComponents[0], 12);
    }

    [Fact]
    public void Random_directions_have_the_expected_shares()
    {
        var states = Drawn(1).States;
        var components = PrincipalComponents.Of(states, N);
        List<double> variance = [], inThree = [];
        for (var seed = 0; seed < 40; seed++)
        {
            var matrix = Matrices.Gaussian(N, seed);
            var found = OutlierActivity.Of(matrix, EigenSolver.Own.Eigenvalues(matrix, N), N, components)!;
            Assert.Equal(N, found.Patterns.Dimension); // all eigenvectors span everything
            Assert.Equal(1, found.Patterns.Variance, 9);
            variance.AddRange(found.Modes.Select(mode => mode.Pattern.Variance / mode.Pattern.Dimension * N));
            inThree.AddRange(found.Modes.Select(mode => mode.Sensitivity.InComponents[2] * N / 3));
        }
        Assert.InRange(variance.Average(), 0.9, 1.1);
        Assert.InRange(inThree.Average(), 0.9, 1.1);
    }

    [Fact]
    public void Without_outliers_or_activity_there_is_nothing_and_other_units_are_refused()
    {
        var (matrix, states) = Drawn(1);
        var eigenvalues = EigenSolver.Own.Eigenvalues(matrix, N);
        Assert.Null(OutlierActivity.Of(matrix, eigenvalues, 0, PrincipalComponents.Of(states, N)));
        Assert.Null(OutlierActivity.Of(matrix, eigenvalues, 2, PrincipalComponents.Of(new float[2 * N], N)));
        Assert.Throws<InvalidInputException>(() =>
            OutlierActivity.Of(matrix, eigenvalues, 2, PrincipalComponents.Of(states, N, [0, 1])));
        Assert.Throws<InvalidInputException>(() => OutlierActivity.Of(matrix, eigenvalues, N + 1, PrincipalComponents.Of(states, N)));
    }

    private void Same(JsonElement expected, ActivityOverlap actual)
    {
        Assert.Equal(expected.GetProperty("dimension").GetInt32(), actual.Dimension);
        Close(expected.GetProperty("variance"), actual.Variance);
        Close(expected.GetProperty("mean"), actual.Mean!.Value);
        Assert.Equal(expected.GetProperty("in_components").GetArrayLength(), actual.InComponents.Count);
        foreach (var (share, own) in expected.GetProperty("in_components").EnumerateArray().Zip(actual.InComponents)) Close(share, own);
    }

    private void Close(JsonElement expected, double actual)
    {
        var difference = Math.Abs(expected.GetDouble() - actual);
        _worst = Math.Max(_worst, difference);
        Assert.True(difference <= 1e-8, $"{expected} expected, {actual} found");
    }

    /// <summary>The weights and states of outliers.py.</summary>
    private static (double[] Matrix, float[] States) Drawn(int seed)
    {
        long state = seed;
        int[] Next(int count) => [.. Enumerable.Range(0, count)
            .Select(_ => (int)((state = (state * 1103515245 + 12345) % (1L << 31)) / 65536 % 17) - 8)];
        int[] weights = Next(N * N), sources = Next(Moments * Sources), mixing = Next(Sources * N);
        return ([.. weights.Select((value, k) => value / 20.0 + (k / N < N / 2 ? 0.3 : 0))],
        [
            .. Enumerable.Range(0, Moments * N).Select(k => (float)Enumerable.Range(0, Sources)
                .Sum(i => sources[k / N * Sources + i] * Math.Pow(2, -i) * mixing[i * N + k % N])),
        ]);
    }
}

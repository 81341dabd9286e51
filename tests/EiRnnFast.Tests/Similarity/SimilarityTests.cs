using System.Numerics;
using System.Text.Json;
using EiRnnFast.Numerics;
using EiRnnFast.Similarity;
using EiRnnFast.Spectra;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Similarity;

/// <summary>Measures of similarity against SciPy 1.10.1 and NumPy 1.24.2: the committed numbers of similarity.py.</summary>
public sealed class SimilarityTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-8;

    private static readonly JsonElement s_reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Similarity", "similarity.json"))).RootElement;

    private double _worst;

    [Fact]
    public void Activities_are_as_alike_as_scipy_says()
    {
        foreach (var one in Each("cases"))
        {
            var random = new NumPyRandom((uint)Int(one, "seed"));
            var (moments, units, others) = (Int(one, "moments"), Int(one, "units"), Int(one, "others"));
            var x = ActivitySpace.Of(Activity(random, moments, units, 5), units, mostMoments: moments);
            var y = ActivitySpace.Of(Activity(random, moments, others, 5), others, mostMoments: moments);
            var alike = SpaceComparison.Of(x, y);
            Same(Numbers(one, "singular_values"), x.SingularValues);
            Same(Number(one, "cka"), alike.Cka);
            Same(Number(one, "debiased_cka"), alike.DebiasedCka!.Value);
            Same(Number(one, "procrustes"), alike.ProcrustesDisparity);
            Same(Number(one, "shape_angle"), alike.ShapeAngle);
            Same(Numbers(one, "canonical"), alike.CanonicalCorrelations());
            Same(Numbers(one, "angles"), alike.PrincipalAngles(3));
            Same(Number(one, "alignment_index"), alike.AlignmentIndex(3));
            Same(Math.Sqrt(Numbers(one, "angles").Average(angle => angle * angle)), alike.SubspaceDistance(3));
        }
        output.WriteLine($"activities: worst difference {_worst:0.0e0}");
    }

    [Fact]
    public void Linear_dynamics_are_those_of_the_least_squares()
    {
        foreach (var one in Each("dmd"))
        {
            var random = new NumPyRandom((uint)Int(one, "seed"));
            var (trials, channels) = (Int(one, "trials"), Int(one, "channels"));
            double[] series =
            [
                .. Enumerable.Range(0, trials).SelectMany(_ => Activity(random, Int(one, "steps"), channels, 4))
                    .Select(rate => (double)rate),
            ];
            var dynamics = LinearDynamics.OfSeries(series, trials, channels,
                new DelayOptions { Delays = Int(one, "delays"), Interval = Int(one, "interval"), Rank = Int(one, "rank") });
            Assert.Equal(Int(one, "delays"), dynamics.Delays);
            Same(Numbers(one, "absolute"), [.. dynamics.Matrix.ToArray().Select(Math.Abs)]);
            Complex[] expected = [.. one.GetProperty("eigenvalues").EnumerateArray().Select(pair =>
                new Complex(pair[0].GetDouble(), pair[1].GetDouble()))];
            Assert.True(SpectralTransport.Distance(
                EiRnnFast.Spectra.EigenSolver.Own.Eigenvalues(dynamics.Matrix, dynamics.Rank), expected) < Tolerance);
        }
        output.WriteLine($"dynamics: worst difference {_worst:0.0e0}");
    }

    [Fact]
    public void Alignments_are_at_least_as_near_as_those_of_scipy()
    {
        var (worst, gained) = (double.NegativeInfinity, 0);
        foreach (var one in Each("alignments"))
        {
            var random = new NumPyRandom((uint)Int(one, "seed"));
            double[] a = Uniform(random, Int(one, "n")), b = Uniform(random, Int(one, "n"));
            var found = VectorFieldAlignment.Of(a, b);
            var excess = found.Distance - Number(one, "distance");
            if (excess < -1e-6) gained++;
            worst = Math.Max(worst, excess);
            Assert.True(excess < 1e-6, $"seed {Int(one, "seed")}: {found.Distance} above {Number(one, "distance")}");
            Assert.True(found.LeastAngle <= found.Angle + 1e-12);
            Assert.Equal(found.Angle, Math.Acos(Cosine(a, b, [.. found.Transform], Int(one, "n"))), 1e-8);
        }
        output.WriteLine($"alignments: largest excess {worst:0.0e0}; {gained} lower than SciPy's by more than 1e-6");
    }

    [Fact]
    public void Symmetric_and_normal_pairs_have_the_known_minimum()
    {
        var random = new RandomStream(3, "test");
        for (var n = 2; n <= 9; n++)
        {
            double[] lambda = Sorted(n), mu = Sorted(n);
            var found = VectorFieldAlignment.Of(Turned(Diagonal(lambda), n), Turned(Diagonal(mu), n));
            var cosine = lambda.Zip(mu, (x, y) => x * y).Sum() / Norm(lambda) / Norm(mu);
            Assert.Equal(Math.Acos(cosine), found.Angle, 1e-8);
            Assert.Equal(Math.Acos(cosine), found.LeastAngle, 1e-8);
        }
        foreach (var half in new[] { 1, 2, 3, 4 })
        {
            // Pairs of eigenvalues far above and below the real line: the best assignment takes whole pairs to whole pairs.
            Complex[] own = Pairs(half), others = Pairs(half);
            var n = 2 * half;
            var found = VectorFieldAlignment.Of(Turned(Blocks(own), n), Turned(Blocks(others), n));
            double normOwn = Norm(own), normOthers = Norm(others);
            var best = Permutations(half).Max(order => Enumerable.Range(0, half)
                .Sum(i => 2 * (own[i] * Complex.Conjugate(others[order[i]])).Real)) / normOwn / normOthers;
            Assert.Equal(Math.Acos(best), found.Angle, 1e-7);
        }

        double[] Sorted(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian()).Order()];

        Complex[] Pairs(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => new Complex(random.NextGaussian(), 2 + random.NextUniform()))];

        double[] Turned(double[] matrix, int n) => Moved(matrix, Orthogonal(random, n), n);
    }

    [Fact]
    public void A_turned_copy_is_at_distance_0_for_either_determinant()
    {
        var random = new RandomStream(4, "test");
        for (var n = 2; n <= 10; n++)
        {
            double[] a = [.. Enumerable.Range(0, n * n).Select(_ => random.NextGaussian())], turn = Orthogonal(random, n);
            Assert.True(VectorFieldAlignment.Of(a, Moved(a, turn, n)).Distance < 1e-8);
            for (var i = 0; i < n; i++) turn[i] = -turn[i];
            Assert.True(VectorFieldAlignment.Of(a, Moved(a, turn, n)).Distance < 1e-8);
        }
        double[] small = [1, 0.5, -0.3, 0.8], padded = [1, 0.5, 0, -0.3, 0.8, 0, 0, 0, 0];
        Assert.True(VectorFieldAlignment.Of(small, padded).Distance < 1e-8); // missing directions are zeros
    }

    [Fact]
    public void Transport_is_the_linear_assignment()
    {
        foreach (var one in Each("transport"))
        {
            var random = new NumPyRandom((uint)Int(one, "seed"));
            Complex[] x = Points(random, Int(one, "n"), 0.5), y = Points(random, Int(one, "m"), 0.4);
            Same(Number(one, "distance"), SpectralTransport.Distance(x, y));
            Same(Number(one, "distance"), SpectralTransport.Distance(y, x));
            Assert.Equal(0, SpectralTransport.Distance(x, [.. x.Reverse()]));
        }
        output.WriteLine($"transport: worst difference {_worst:0.0e0}");
    }

    [Fact]
    public void Clusters_and_the_test_of_groups_are_those_of_the_references()
    {
        foreach (var one in Each("clusters"))
        {
            var (n, second, flat) = (Int(one, "n"), Int(one, "second"), Numbers(one, "distances"));
            var distances = new double[n, n];
            for (var i = 0; i < n * n; i++) distances[i / n, i % n] = flat[i];
            bool[] groups = [.. Enumerable.Range(0, n).Select(i => i >= n - second)];
            var separation = GroupSeparation.Of(distances, groups)!;
            Same(Number(one, "pseudo_f"), separation.PseudoF!.Value);
            Same(Number(one, "anosim_r"), separation.AnosimR!.Value);
            Same(Number(one, "within"), separation.Within!.Value);
            Same(Number(one, "between"), separation.Between);
            Same(Number(one, "p_f"), separation.PseudoFProbability!.Value);
            Same(Number(one, "p_r"), separation.AnosimProbability!.Value);
            Assert.Equal((Int(one, "ways"), true), (separation.Ways, separation.IsExact));
            if (!one.TryGetProperty("tree", out var tree)) continue;
            var linkage = AverageLinkage.Of(distances);
            Assert.Equal(one.GetProperty("leaves").EnumerateArray().Select(leaf => leaf.GetInt32()), linkage.Leaves);
            foreach (var (row, merge) in tree.EnumerateArray().Zip(linkage.Merges))
            {
                Assert.Equal((row[0].GetDouble(), row[1].GetDouble(), row[3].GetDouble()), (merge.First, merge.Second, merge.Count));
                Same(row[2].GetDouble(), merge.Distance);
            }
        }
        output.WriteLine($"clusters: worst difference {_worst:0.0e0}");
    }

    [Fact]
    public void Many_ways_are_sampled_and_two_things_have_no_test()
    {
        var random = new RandomStream(5, "test");
        double[] places = [.. Enumerable.Range(0, 20).Select(i => random.NextGaussian() + (i < 10 ? 0 : 4))];
        var distances = new double[20, 20];
        for (var i = 0; i < 400; i++) distances[i / 20, i % 20] = Math.Abs(places[i / 20] - places[i % 20]);
        var found = GroupSeparation.Of(distances, [.. Enumerable.Range(0, 20).Select(i => i < 10)])!;
        Assert.Equal((GroupSeparation.Drawn + 1, false), (found.Ways, found.IsExact));
        Assert.True(found.PseudoFProbability < 0.001 && found.AnosimProbability < 0.001);
        Assert.Null(GroupSeparation.Of(new double[2, 2], [false, true]));

        // Groups that are nearer to each other than to themselves: no way has a smaller pseudo-F, and the way itself counts.
        var mixed = GroupSeparation.Of(new[,] { { 0, 1, 0.1, 0.1 }, { 1, 0, 0.1, 0.1 }, { 0.1, 0.1, 0, 1 }, { 0.1, 0.1, 1, 0 } },
            [false, false, true, true])!;
        Assert.Equal(-0.98, mixed.PseudoF!.Value, 1e-12);
        Assert.Equal((1.0, 1.0), (mixed.PseudoFProbability, mixed.AnosimProbability));
    }

    [Fact]
    public void Turned_and_scaled_activity_is_the_same()
    {
        var random = new NumPyRandom(8);
        var x = Activity(random, 300, 6, 5);
        double[] turn = Orthogonal(new RandomStream(6, "test"), 6);
        var turned = new float[x.Length];
        for (var t = 0; t < 300; t++)
            for (var j = 0; j < 6; j++)
                turned[t * 6 + j] = (float)(3 + 2 * Enumerable.Range(0, 6).Sum(i => x[t * 6 + i] * turn[i * 6 + j]));
        var alike = SpaceComparison.Of(ActivitySpace.Of(x, 6), ActivitySpace.Of(turned, 6));
        Assert.Equal(1, alike.Cka, 1e-6);
        Assert.Equal(1, alike.DebiasedCka!.Value, 1e-6);
        Assert.Equal(0, alike.ProcrustesDisparity, 1e-6);
        Assert.True(alike.SubspaceDistance(3) < 1e-4);
        Assert.Equal(1, alike.AlignmentIndex(3), 1e-6);
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        var (still, moving) = (ActivitySpace.Of(new float[20], 2), ActivitySpace.Of([1, 2, 3, 5, 0, 1], 2));
        Assert.True(still.IsStill);
        Assert.Throws<InvalidInputException>(() => SpaceComparison.Of(still, still));
        Assert.Throws<InvalidInputException>(() => SpaceComparison.Of(moving, ActivitySpace.Of([1, 2, 3, 5], 2)));
        Assert.Throws<InvalidInputException>(() => ActivitySpace.Of([1, float.NaN, 3, 5], 2));
        Assert.Throws<InvalidInputException>(() => VectorFieldAlignment.Of([1, 2, 3], [1, 2, 3, 4]));
        Assert.Throws<InvalidInputException>(() => SpectralTransport.Distance([], [1]));
        Assert.Throws<InvalidInputException>(() => AverageLinkage.Of(new double[,] { { 0, 1 }, { 2, 0 } }));
        Assert.Throws<ComputationException>(() => LinearDynamics.Of(new float[40], 2, 2));
    }

    private static JsonElement.ArrayEnumerator Each(string name) => s_reference.GetProperty(name).EnumerateArray();

    private static int Int(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();

    private static double[] Numbers(JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private void Same(double expected, double actual)
    {
        Assert.Equal(expected, actual, Tolerance);
        _worst = Math.Max(_worst, Math.Abs(expected - actual));
    }

    private void Same(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++) Same(expected[i], actual[i]);
    }

    /// <summary>As activity() of similarity.py, in single precision.</summary>
    private static float[] Activity(NumPyRandom random, int moments, int units, int rank)
    {
        double[] phase = Draw(rank), speed = Draw(rank), mix = Draw(rank * units), noise = Draw(moments * units);
        var states = new float[moments * units];
        for (var t = 0; t < moments; t++)
            for (var j = 0; j < units; j++)
            {
                var sum = 0.02 * (noise[t * units + j] - 0.5);
                for (var k = 0; k < rank; k++)
                    sum += Math.Sin(2 * Math.PI * (phase[k] + (1 + 8 * speed[k]) * t / moments)) * Math.Pow(0.5, k)
                        * (mix[k * units + j] - 0.5);
                states[t * units + j] = (float)sum;
            }
        return states;

        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.RandomSample())];
    }

    private static double[] Uniform(NumPyRandom random, int n) => [.. Enumerable.Range(0, n * n).Select(_ => random.RandomSample() - 0.5)];

    private static Complex[] Points(NumPyRandom random, int count, double centre) =>
        [.. Enumerable.Range(0, count).Select(_ => new Complex(random.RandomSample() - centre, random.RandomSample() - centre))];

    private static double[] Orthogonal(RandomStream random, int n)
    {
        double[][] columns = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextGaussian()).ToArray())];
        return [.. SingularVectors.Of(columns, n).Left.SelectMany(row => row)];
    }

    private static double[] Moved(double[] matrix, double[] turn, int n) =>
        SquareMatrix.ProductTransposed(SquareMatrix.Product(turn, matrix, n), turn, n);

    private static double Cosine(double[] a, double[] b, double[] c, int n) =>
        SquareMatrix.Inner(a, Moved(b, c, n)) / SquareMatrix.Norm(a) / SquareMatrix.Norm(b);

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private static double Norm(IEnumerable<Complex> pairs) => Math.Sqrt(2 * pairs.Sum(value => value.Magnitude * value.Magnitude));

    private static double[] Diagonal(double[] values)
    {
        var matrix = new double[values.Length * values.Length];
        for (var i = 0; i < values.Length; i++) matrix[i * values.Length + i] = values[i];
        return matrix;
    }

    /// <summary>A normal matrix with these eigenvalues and their conjugates.</summary>
    private static double[] Blocks(Complex[] values)
    {
        var n = 2 * values.Length;
        var matrix = new double[n * n];
        for (var i = 0; i < values.Length; i++)
        {
            matrix[2 * i * n + 2 * i] = matrix[(2 * i + 1) * n + 2 * i + 1] = values[i].Real;
            (matrix[2 * i * n + 2 * i + 1], matrix[(2 * i + 1) * n + 2 * i]) = (values[i].Imaginary, -values[i].Imaginary);
        }
        return matrix;
    }

    private static IEnumerable<int[]> Permutations(int n) => n == 0 ? [[]]
        : Permutations(n - 1).SelectMany(rest =>
            Enumerable.Range(0, n).Select(at => rest.Take(at).Append(n - 1).Concat(rest.Skip(at)).ToArray()));
}

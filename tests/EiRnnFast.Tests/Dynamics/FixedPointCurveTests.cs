using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Fixed points followed along the input: one and two units whose bifurcations are known, and roots by SciPy.</summary>
public sealed class FixedPointCurveTests
{
    private const double Tolerance = 1e-8;

    [Theory]
    [InlineData(1.5f, "none")]
    [InlineData(3f, "none")]
    [InlineData(3f, "leak")]
    public void A_unit_that_excites_itself_folds_at_the_known_inputs(float w, string alpha)
    {
        var network = Nets.With(One(w), Nets.Cell(Activation.Tanh, CellForm.Rate, alpha));
        var found = Follow(network, new InputPath([-3], [3]));
        var curve = Assert.Single(found.Curves); // an S, from the lower plateau to the upper one
        Assert.Equal((CurveEnd.AtFrom, CurveEnd.AtTo), (curve.Begin, curve.End));
        var h = Math.Sqrt(1 - 1.0 / w);
        var b = Math.Atanh(h) - w * h; // below 0: the upper plateau is born there, the lower one is lost at −b
        Assert.Equal([BifurcationKind.Fold, BifurcationKind.Fold], curve.Bifurcations.Select(fold => fold.Kind));
        foreach (var (fold, input, state, isBirth) in new[] { (curve.Bifurcations[0], -b, -h, false), (curve.Bifurcations[1], b, h, true) })
        {
            var point = curve.Points[fold.Point];
            Assert.Equal(input, -3 + 6 * point.S, Tolerance);
            Assert.Equal(state, point.State[0], Tolerance);
            Assert.Equal(1, fold.Critical.Real, Tolerance);
            Assert.Equal(isBirth, fold.IsBirth);
            Assert.True(fold.Width <= FixedPointCurves.Tolerance);
        }
        Assert.Equal([(0, 1), (1, 0)], curve.Bifurcations.Select(fold => (fold.UnstableBefore, fold.UnstableAfter)));
        Assert.All(found.Counts, count => Assert.Equal(1, count.IndexSum));
        Assert.Equal((3, 2), (found.Counts[25].Points, found.Counts[25].Stable));
        Assert.Equal((1, 1), (found.Counts[0].Points, found.Counts[^1].Points));
    }

    [Fact]
    public void A_unit_that_inhibits_itself_flips_at_the_known_inputs()
    {
        const double w = -2;
        var found = Follow(One((float)w), new InputPath([-3], [3]));
        var curve = Assert.Single(found.Curves);
        var h = Math.Sqrt(1 + 1 / w);
        var b = Math.Atanh(h) - w * h;
        Assert.Equal([BifurcationKind.Flip, BifurcationKind.Flip], curve.Bifurcations.Select(flip => flip.Kind));
        Assert.Equal([(0, 1), (1, 0)], curve.Bifurcations.Select(flip => (flip.UnstableBefore, flip.UnstableAfter)));
        foreach (var (flip, sign) in curve.Bifurcations.Zip([-1, 1]))
        {
            Assert.Equal(sign * b, -3 + 6 * curve.Points[flip.Point].S, Tolerance);
            Assert.Equal(-1, flip.Critical.Real, Tolerance);
            Assert.Null(flip.IsBirth);
        }
    }

    [Fact]
    public void A_rotation_loses_its_rest_in_a_pair_of_eigenvalues()
    {
        // h = tanh(h·r·R(θ) + x·(1, 0)) at weights of gain above 1: saturation by the input makes the rest stable again.
        const double gain = 1.2, angle = 0.7;
        var rotation = Nets.Rotation(gain, angle);
        var network = Nets.Of(2, rotation.RecurrentWeights.ToArray(), wIn: [1, 1]);
        var found = Follow(network, new InputPath([0], [2]));
        var (curve, point) = (found.Curves[0], found.Curves[0].Bifurcations[0]);
        Assert.Equal(BifurcationKind.NeimarkSacker, point.Kind);
        Assert.Equal((2, 0), (point.UnstableBefore, point.UnstableAfter));
        var state = curve.Points[point.Point].State;
        // det J = gain²·Π f′ is the square of the modulus there.
        Assert.Equal(1, gain * gain * (1 - state[0] * state[0]) * (1 - state[1] * state[1]), 1e-6);
        Assert.Equal(gain, curve.Points[0].SpectralRadius, 1e-6);
        Assert.Equal(angle, Math.Abs(curve.Points[0].Leading.Phase), 1e-6);
    }

    [Theory]
    [InlineData("fold", BifurcationKind.Fold)]
    [InlineData("flip", BifurcationKind.Flip)]
    [InlineData("neimark-sacker", BifurcationKind.NeimarkSacker)]
    public void Bifurcations_of_two_units_are_the_roots_that_scipy_finds(string name, BifurcationKind kind)
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dynamics", "jacobians.json")));
        var pair = reference.RootElement.GetProperty("bifurcations").GetProperty(name);
        float[] Numbers(string key) => [.. pair.GetProperty(key).EnumerateArray()
            .SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
            .Select(value => (float)value.GetDouble())];
        var found = Follow(Nets.Of(2, Numbers("w"), wIn: Numbers("w_in")), new InputPath([0], [1]));
        double[][] expected = [.. pair.GetProperty("roots").EnumerateArray()
            .Select(root => root.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
        CurvePoint[] points = [.. found.Curves.SelectMany(curve => curve.Bifurcations.Where(one => one.Kind == kind)
            .Select(one => curve.Points[one.Point])).OrderBy(point => point.S)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, points.Length);
        foreach (var (point, root) in points.Zip(expected))
        {
            Assert.Equal(root[2], point.S, Tolerance);
            for (var i = 0; i < 2; i++) Assert.Equal(root[i], point.State[i], Tolerance);
        }
        Assert.All(found.Counts, count => Assert.Equal(1, count.IndexSum));
    }

    [Fact]
    public void A_pitchfork_is_a_branch_point_on_the_curves_that_meet_there()
    {
        // Two units that excite themselves and inhibit each other: h₁ = h₂ = h loses stability where f′·(w + c) = 1.
        const double w = 1.2, c = 0.8;
        var found = Follow(Nets.Of(2, [(float)w, (float)-c, (float)-c, (float)w], wIn: [1, 1]), new InputPath([-2], [-0.001]));
        var h = -Math.Sqrt(1 - 1 / ((double)(float)w + (float)c));
        var input = Math.Atanh(h) - ((double)(float)w - (float)c) * h;
        // The pitchfork is subcritical: the curve of unequal states turns there, and folds on either side.
        (Bifurcation One, CurvePoint Point)[] all = [.. found.Curves.SelectMany(curve => curve.Bifurcations
            .Select(one => (one, curve.Points[one.Point])))];
        var meeting = all.Where(place => place.One.Kind == BifurcationKind.BranchPoint).ToArray();
        Assert.Equal(2, meeting.Length);
        Assert.All(meeting, place => Assert.Equal(input, -2 + 1.999 * place.Point.S, 1e-7));
        Assert.Single(meeting, place => place.One is { IsBirth: false, UnstableBefore: 1, UnstableAfter: 1 });
        Assert.Single(meeting, place => place.One is { IsBirth: null, UnstableBefore: 0, UnstableAfter: 1 });
        var folds = all.Where(place => place.One.Kind == BifurcationKind.Fold).ToArray();
        Assert.Equal((2, 4), (folds.Length, all.Length));
        Assert.All(folds, place => Assert.True(place.One.IsBirth));
        Assert.Equal(folds[0].Point.State[0], folds[1].Point.State[1], Tolerance);
    }

    [Fact]
    public void A_closed_curve_is_found_from_the_middle_and_ends_in_itself()
    {
        // The first unit's own slope is bent by a second that follows the input in a bump, so two stable states exist in the middle only.
        float[] w = [2.6f, 0, 0, 0, 0, 0, 0, 0, 0], wIn = [0, 8, 8];
        (w[3], w[6]) = (1.1f, -1.1f);
        var network = Nets.Of(3, w, [-1.8f, 4, -4], wIn);
        var found = Follow(network, new InputPath([-2], [2]));
        var closed = Assert.Single(found.Curves, curve => curve.End == CurveEnd.Closed);
        Assert.Equal(CurveEnd.Closed, closed.Begin);
        Assert.Equal(2, closed.Bifurcations.Count(fold => fold.Kind == BifurcationKind.Fold));
        Assert.Equal(closed.Points[0].State, closed.Points[^1].State);
        Assert.Equal([1, 3, 1], new[] { 0, 25, 50 }.Select(k => found.Counts[k].Points));
        Assert.All(found.Counts, count => Assert.Equal(1, count.IndexSum));
    }

    [Fact]
    public void Every_point_of_a_random_network_rests_and_every_search_agrees_with_the_counts()
    {
        var network = Nets.Random(12, 1.8, Nets.Cell(Activation.Tanh, CellForm.Voltage, "leak"));
        var path = new InputPath([-1, 0.5], [1, -0.5], 20);
        var found = Follow(network, path);
        double[] next = new double[12];
        foreach (var point in found.Curves.SelectMany(curve => curve.Points))
        {
            RecurrentMap.Of(network, path.At(point.S)).Step([.. point.State], next);
            for (var i = 0; i < 12; i++) Assert.Equal(point.State[i], next[i], 1e-9);
        }
        foreach (var k in (int[])[0, 4, 10, 13, 20])
        {
            var searched = Search(RecurrentMap.Of(network, path.At(k / 20.0)));
            Assert.True(found.Counts[k].Points >= searched.Fixed.Count, $"{searched.Fixed.Count} searched, {found.Counts[k]}");
            if (found.Counts[k].Points == searched.Fixed.Count)
                Assert.Equal(searched.Fixed.Count(point => point.IsStable), found.Counts[k].Stable);
        }
        Assert.All(found.Counts, count => Assert.Equal(1, count.IndexSum));
    }

    [Fact]
    public void A_corner_of_relu_is_no_fold()
    {
        // r = 0.5·relu(2.5·r·… ): w = −3 is unstable as soon as the unit is active; silent it rests.
        var network = Nets.With(One(-3), Nets.Cell(Activation.Relu, CellForm.Rate, "none"));
        var found = Follow(network, new InputPath([-1], [1]));
        var corner = Assert.Single(Assert.Single(found.Curves).Bifurcations);
        Assert.Equal(BifurcationKind.Corner, corner.Kind);
        Assert.Equal(0.5, found.Curves[0].Points[corner.Point].S, 1e-6);
        Assert.Equal((0, 1), (corner.UnstableBefore, corner.UnstableAfter));
        Assert.False(found.HasIndexSum);
        Assert.All(found.Counts, count => Assert.Null(count.IndexSum));
    }

    [Fact]
    public void Paths_that_cannot_be_followed_are_refused_and_a_cancelled_one_ends()
    {
        var network = One(1.5f);
        foreach (var path in (InputPath[])[new([0, 0], [1, 1]), new([0], [double.NaN]), new([1], [1]), new([0], [1], 0),
            new([0], [1], InputPath.MostSteps + 1)])
            Assert.Throws<InvalidInputException>(() => Follow(network, path));
        Assert.Throws<OperationCanceledException>(() => FixedPointCurves.Of(network, new InputPath([-3], [3]), Search,
            cancellation: new CancellationToken(canceled: true)));
    }

    /// <summary>A unit with its input, beside one that does nothing: networks have two units or more.</summary>
    private static EiRnn One(float w) => Nets.Of(2, [w, 0, 0, 0], wIn: [1, 0]);

    private static FixedPointCurves Follow(EiRnn network, InputPath path) => FixedPointCurves.Of(network, path, Search);

    private static FixedPoints Search(RecurrentMap map) => FixedPoints.Find(map, Nets.Cube(map.Units, 60));
}

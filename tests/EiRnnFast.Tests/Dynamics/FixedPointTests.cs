using EiRnnFast.Dynamics;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Networks whose fixed points are known: all are found, none is invented.</summary>
public sealed class FixedPointTests
{
    [Fact]
    public void Mutual_excitation_is_bistable_with_a_saddle_between()
    {
        var a = Nets.Plateau(1.5);
        var found = FixedPoints.Find(RecurrentMap.Of(Nets.Of(2, [0, 1.5f, 1.5f, 0])), Nets.Cube(2, 100));
        Assert.Equal(3, found.Fixed.Count);
        Assert.Empty(found.Slow);
        Assert.Equal((100, 2, 102), (found.Starts, found.FurtherStarts, found.EndedFixed + found.EndedSlow + found.EndedFast
            + found.Unfinished));
        foreach (var sign in (int[])[1, -1])
        {
            var point = Assert.Single(found.Fixed,
                point => Math.Abs(point.State[0] - sign * a) < 1e-9 && Math.Abs(point.State[1] - sign * a) < 1e-9);
            Assert.True(point.IsStable && point.UnstableDirections == 0 && point.Q < 1e-20 && point.Starts > 0);
            Assert.Equal((1 - a * a) * 1.5, point.SpectralRadius, 1e-9); // eigenvalues ±(1 − a²)w
        }
        var saddle = Assert.Single(found.Fixed, point => point.State.All(h => Math.Abs(h) < 1e-9));
        // ±1.5, one of them flips its sign every step
        Assert.Equal((PointStability.Unstable, 2), (saddle.Stability, saddle.UnstableDirections));
    }

    [Fact]
    public void Self_excited_units_have_all_products_of_their_states()
    {
        // Three states a unit, 27 of three units: unstable along every unit that is at 0.
        var a = Nets.Plateau(2);
        var found = FixedPoints.Find(RecurrentMap.Of(Nets.Of(3, [2, 0, 0, 0, 2, 0, 0, 0, 2])), Nets.Cube(3, 600));
        Assert.Equal(27, found.Fixed.Count);
        Assert.All(found.Fixed, point => Assert.All(point.State, h => Assert.True(Math.Abs(h) < 1e-9 || Math.Abs(Math.Abs(h) - a) < 1e-9)));
        Assert.Equal([8, 12, 6, 1], Enumerable.Range(0, 4)
            .Select(unstable => found.Fixed.Count(point => point.UnstableDirections == unstable)));
        Assert.All(found.Fixed, point => Assert.Equal(point.UnstableDirections, point.State.Count(h => Math.Abs(h) < 1e-9)));
    }

    [Fact]
    public void A_line_attractor_in_steps_has_a_plateau_on_either_side_of_every_threshold()
    {
        // h_j = tanh(g(s − θ_j)) with s the mean of h: N + 1 plateaus at s = (2k − N)/N, N thresholds between them.
        const int n = 5;
        const float g = 30;
        double[] theta = [.. Enumerable.Range(0, n).Select(j => (2.0 * j - n + 1) / n)];
        var network = Nets.Of(n, [.. Enumerable.Repeat(g / n, n * n)], [.. theta.Select(t => (float)(-g * t))]);
        var starts = Enumerable.Range(0, 400).Select(i => -1 + 2 * i / 399.0)
            .Select(s => theta.Select(t => Math.Tanh(g * (s - t))).ToArray()).Concat(Nets.Cube(n, 200));
        var found = FixedPoints.Find(RecurrentMap.Of(network), [.. starts]);
        double[] means = [.. found.Fixed.Select(point => point.State.Average()).Order()];
        Assert.Equal(2 * n + 1, means.Length);
        for (var k = 0; k < means.Length; k++)
        {
            Assert.Equal(-1 + k / (double)n, means[k], 0.01);
            var point = found.Fixed.Single(point => point.State.Average() == means[k]);
            Assert.Equal(k % 2 == 0, point.IsStable);
            Assert.Equal(k % 2, point.UnstableDirections);
        }
    }

    [Fact]
    public void Points_that_no_start_leads_to_are_missed_by_the_index_sum_and_searched_for()
    {
        // Three states a unit: from one corner alone a descent finds its own point.
        var map = RecurrentMap.Of(Nets.Of(2, [2, 0, 0, 2]));
        var alone = FixedPoints.Find(map, [[0.01, 0.95]], new FixedPointOptions { FurtherStarts = 0 });
        Assert.Equal((1, -1, true), (alone.Fixed.Count, alone.IndexSum, alone.IsIncomplete));
        var found = FixedPoints.Find(map, [[0.01, 0.95]]);
        Assert.Equal((1, false), (found.IndexSum, found.IsIncomplete));
        Assert.InRange(found.FurtherStarts, 2, 500);
        Assert.True(found.Fixed.Count >= 3);
        // With no fixed point at all in the list the sum is 0.
        var bistable = RecurrentMap.Of(Nets.Of(2, [0, 1.5f, 1.5f, 0]));
        var limited = FixedPoints.Find(bistable, [[0.9, 0.9], [-0.9, -0.9]], new FixedPointOptions { FurtherStarts = 0 });
        Assert.Equal((2, 2, true), (limited.Fixed.Count, limited.IndexSum, limited.IsIncomplete));
        Assert.Equal(3, FixedPoints.Find(bistable, [[0.9, 0.9], [-0.9, -0.9]]).Fixed.Count);
    }

    [Fact]
    public void The_index_is_the_sign_of_the_determinant_of_I_minus_J()
    {
        FixedPoint With(params System.Numerics.Complex[] eigenvalues) => new([0, 0], 0, eigenvalues, 1);
        Assert.Equal(-1, With(1.5, 0.2).Index);
        Assert.Equal(1, With(1.5, 1.2).Index);
        Assert.Equal(1, With(-1.5, 0.2).Index); // det = 2.5·0.8
        Assert.Equal(1, With(new(1.5, 1), new(1.5, -1)).Index);
        Assert.Null(With(1.5, 1 + 1e-8).Index);
        Assert.Equal((PointStability.Marginal, 1), (With(-1, 0.2).Stability, With(-1, 0.2).Index)); // it turns about, and is not degenerate
    }

    [Fact]
    public void A_limit_cycle_has_its_unstable_centre_alone()
    {
        var found = FixedPoints.Find(RecurrentMap.Of(Nets.Rotation(1.2, 0.5)), Nets.Cube(2, 200));
        var centre = Assert.Single(found.Fixed);
        Assert.Empty(found.Slow);
        Assert.All(centre.State, h => Assert.Equal(0, h, 1e-9));
        Assert.Equal(2, centre.UnstableDirections);
        Assert.Equal(1.2, centre.SpectralRadius, 1e-6);
        Assert.Equal(0.5, Math.Abs(centre.Eigenvalues[0].Phase), 1e-6);
    }

    [Fact]
    public void A_contracting_network_rests_at_0_alone_and_at_nothing_else()
    {
        var network = EiRnn.Create(new NetworkSpec
        {
            Units = 30, Inputs = 1, Outputs = 1, Signs = SignConstraint.None,
            Init = RecurrentInit.Orthogonal(0.9)
        }, 3);
        var found = FixedPoints.Find(RecurrentMap.Of(network), Nets.Cube(30, 50));
        var point = Assert.Single(found.Fixed);
        Assert.True(point.IsStable && point.State.All(h => Math.Abs(h) < 1e-9));
        Assert.Equal(50, found.EndedFixed);
        Assert.Equal(0.9, point.SpectralRadius, 1e-5);
    }

    [Fact]
    public void A_marginal_point_is_one_point_although_q_is_flat_around_it()
    {
        // F(h) = tanh(h): h − h³/3, a triple root.
        var found = FixedPoints.Find(RecurrentMap.Of(Nets.Of(2, [1, 0, 0, 1])), Nets.Cube(2, 100));
        var point = Assert.Single(found.Fixed);
        Assert.Equal((PointStability.Marginal, null, 0), (point.Stability, point.Index, point.UnstableDirections));
        // nothing can be said, so nothing is searched for
        Assert.Equal((null, null, 0), (found.IndexSum, found.IsIncomplete, found.FurtherStarts));
        Assert.All(point.State, h => Assert.Equal(0, h, 1e-3));
    }

    [Fact]
    public void A_zero_matrix_rests_at_tanh_of_its_bias_in_every_size()
    {
        foreach (var units in (int[])[2, 7])
        {
            var point = Assert.Single(FixedPoints.Find(RecurrentMap.Of(Nets.Of(units, new float[units * units])),
                Nets.Cube(units, 20)).Fixed);
            Assert.All(point.State, h => Assert.Equal(0, h, 1e-12));
            Assert.Equal((0, PointStability.Stable, 20), (point.SpectralRadius, point.Stability, point.Starts));
        }
        var shifted = Assert.Single(FixedPoints.Find(RecurrentMap.Of(Nets.Of(2, new float[4], [0.5f, -1])), Nets.Cube(2, 20)).Fixed);
        Assert.Equal(Math.Tanh(0.5), shifted.State[0], 1e-12);
        Assert.Equal(Math.Tanh(-1), shifted.State[1], 1e-12);
    }

    [Fact]
    public void The_ghost_of_a_vanished_pair_is_slow_and_not_fixed()
    {
        // h = tanh(1.5h − b) loses the upper two of its three solutions where b reaches 1.5s − artanh s, s = √(1 − 1/1.5).
        var s = Math.Sqrt(1 - 1 / 1.5);
        var network = Nets.Of(2, [1.5f, 0, 0, 0], [-(float)(1.5 * s - Math.Atanh(s) + 1e-3), 0]);
        var found = FixedPoints.Find(RecurrentMap.Of(network), Nets.Cube(2, 200));
        var resting = Assert.Single(found.Fixed);
        Assert.True(resting.State[0] < -0.8);
        var ghost = Assert.Single(found.Slow);
        Assert.Equal(s, ghost.State[0], 0.01);
        Assert.InRange(ghost.Q, 1e-10, 1e-6);
        Assert.Equal(200 + found.FurtherStarts, found.EndedFixed + found.EndedSlow);
    }

    [Fact]
    public void A_constant_input_moves_the_points()
    {
        var network = Nets.Of(2, [0, 0, 0, 0], wIn: [1, -2]);
        var point = Assert.Single(FixedPoints.Find(RecurrentMap.Of(network, [0.5]), Nets.Cube(2, 5)).Fixed);
        Assert.Equal(Math.Tanh(0.5), point.State[0], 1e-12);
        Assert.Equal(Math.Tanh(-1), point.State[1], 1e-12);
    }

    [Theory]
    [InlineData(5, 0.4)]
    [InlineData(12, 1.7)]
    public void The_jacobian_is_that_of_central_differences(int units, double gain)
    {
        var network = EiRnn.Create(new NetworkSpec { Units = units, Inputs = 2, Outputs = 1, Init = RecurrentInit.Normal(gain) }, 5);
        var map = RecurrentMap.Of(network, [0.3, -0.7]);
        var h = Nets.Cube(units, 1)[0];
        double[] jacobian = new double[units * units], up = new double[units], down = new double[units];
        map.Jacobian(h, jacobian);
        const double step = 1e-5;
        for (var i = 0; i < units; i++)
        {
            var own = h[i];
            h[i] = own + step;
            map.Step(h, up);
            h[i] = own - step;
            map.Step(h, down);
            h[i] = own;
            for (var j = 0; j < units; j++) Assert.Equal((up[j] - down[j]) / (2 * step), jacobian[i * units + j], 1e-9);
        }
    }

    [Fact]
    public void The_map_is_the_network_in_double_precision()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 16, Inputs = 2, Outputs = 1 }, 2);
        float[] x = [0.5f, -1, 0.25f, 2];
        var states = network.Run(x, 1).States;
        double[] first = new double[16], second = new double[16];
        var map = RecurrentMap.Of(network);
        map.Step(new double[16], [0.5, -1], first);
        map.Step(first, [0.25, 2], second);
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(states[i], first[i], 1e-6);
            Assert.Equal(states[16 + i], second[i], 1e-6);
        }
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var network = Nets.Of(2, [0, 1, 1, 0]);
        Assert.Contains("constant input: found 2 values",
            Assert.Throws<InvalidInputException>(() => RecurrentMap.Of(network, [1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => RecurrentMap.Of(network, [double.NaN]));
        var map = RecurrentMap.Of(network);
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, []));
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, [[1]]));
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, [[1, double.NaN]]));
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, [[0, 0]], new FixedPointOptions { SlowTolerance = 1e-30 }));
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, [[0, 0]], new FixedPointOptions { Distance = 0 }));
        Assert.Throws<InvalidInputException>(() => FixedPoints.StartsFrom(map, [1, 2, 3], 5, 0.1, 0, 1));
        Assert.Throws<InvalidInputException>(() => FixedPoints.StartsFrom(map, [1, 2], 0, 0.1, 0, 1));
        network.RecurrentWeights[1] = float.NaN;
        var message = Assert.Throws<InvalidInputException>(() => RecurrentMap.Of(network)).Message;
        Assert.Contains("W_rec: found NaN", message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => FixedPoints.Find(map, [[0, 0]], cancellation: cancelled.Token));
    }

    [Fact]
    public void Starts_are_the_same_for_the_same_seed_and_lie_near_the_trajectory()
    {
        float[] states = [0.5f, -0.5f, 0.9f, 0];
        var map = RecurrentMap.Of(Nets.Of(2, [0, 1.5f, 1.5f, 0]));
        var starts = FixedPoints.StartsFrom(map, states, 50, 0.01, 0, 4);
        Assert.Equal(starts, FixedPoints.StartsFrom(map, states, 50, 0.01, 0, 4));
        Assert.NotEqual(starts[1], FixedPoints.StartsFrom(map, states, 50, 0.01, 0, 5)[1]);
        Assert.Equal([0, 0], starts[0]);
        var free = FixedPoints.StartsFrom(map, states, 50, 0.01, 3, 4);
        Assert.Equal(starts[2], free[2]);
        double[] a = [.. starts[1]], b = new double[2];
        map.Step(a, b);
        map.Step(b, a);
        map.Step(a, b);
        Assert.Equal(b, free[1]);
        Assert.All(starts[1..], start =>
            Assert.True(Math.Abs(start[0] - 0.5) < 0.06 && Math.Abs(start[1] + 0.5) < 0.06
            || Math.Abs(start[0] - 0.9) < 0.06 && Math.Abs(start[1]) < 0.06));
    }
}

using EiRnnFast.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>States to search on from, once those of the trials have led to all that they lead to.</summary>
internal sealed class FurtherStates(RecurrentMap map, int freeSteps, long seed)
{
    private const double Push = 0.01, Noise = 0.1; // σ on every unit: away from an unstable point, and aside of a line between points

    private readonly RandomStream _random = new(seed, "further fixed-point starts");
    private int _next;

    /// <summary>What attracts the surroundings of an unstable point: a push there and the opposite one, both run freely.</summary>
    public double[][] Around(IReadOnlyList<double> state)
    {
        var push = Gaussian(Push);
        return [map.Run([.. state.Zip(push, (h, d) => Math.Clamp(h + d, -1, 1))], freeSteps), map.Run([.. state.Zip(push, (h, d) =>
            Math.Clamp(h - d, -1, 1))], freeSteps)];
    }

    /// <summary>In turn: between two points, where saddles are; in a cube of random size; run freely from there; and from near an
    /// unstable point.</summary>
    public double[] Next(FixedPoint[] points)
    {
        var kind = _next++ % 4;
        FixedPoint[] unstable = [.. points.Where(point => point.Stability == PointStability.Unstable)];
        if (kind == 3 && unstable.Length > 0) return Around(unstable[_random.NextInt32(unstable.Length)].State)[0];
        if (kind == 0 && points.Length > 1)
        {
            var (one, other, part) = (points[_random.NextInt32(points.Length)].State, points[_random.NextInt32(points.Length)].State,
                _random.NextUniform());
            return [.. Gaussian(Noise).Select((d, i) => Math.Clamp(one[i] + part * (other[i] - one[i]) + d, -1, 1))];
        }
        var side = _random.NextUniform();
        double[] start = [.. Enumerable.Range(0, map.Units).Select(_ => side * (2 * _random.NextUniform() - 1))];
        return kind == 1 ? start : map.Run(start, freeSteps);
    }

    private double[] Gaussian(double sigma) => [.. Enumerable.Range(0, map.Units).Select(_ => sigma * _random.NextGaussian())];
}

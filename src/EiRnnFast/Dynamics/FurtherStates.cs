using EiRnnFast.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>States to search on from, once those of the trials have led to all that they lead to.</summary>
internal sealed class FurtherStates
{
    private const double Push = 0.01, Noise = 0.1; // σ on every unit: away from an unstable point, and aside of a line between points
    private const double LeastHalf = 1; // half the side of a cube of rates that have no bounds, at least

    private readonly RecurrentMap _map;
    private readonly double[] _middle, _half;
    private RandomStream _random;
    private int _next;

    /// <summary>Cubes are those of all rates where these are bounded, else of twice the extent of the rates visited.</summary>
    public FurtherStates(RecurrentMap map, IReadOnlyList<double[]> visited, long seed)
    {
        (_map, _random) = (map, new RandomStream(seed, "further fixed-point starts"));
        (_middle, _half) = (new double[map.Units], new double[map.Units]);
        double[][] rates = map.Range.IsBounded ? [] : [.. visited.Select(state => map.Rates(state))];
        for (var j = 0; j < map.Units; j++)
        {
            var (least, most) = rates.Length == 0 ? (map.Range.Least, map.Range.Most) : (rates.Min(r => r[j]), rates.Max(r => r[j]));
            _middle[j] = (least + most) / 2;
            _half[j] = rates.Length == 0 ? (most - least) / 2 : Math.Max(most - least, LeastHalf);
        }
    }

    /// <summary>Where the next state comes from, to go on from there again.</summary>
    public Place Mark() => new(_random.Clone(), _next);

    /// <summary>Goes on from a place.</summary>
    public void Return(Place place) => (_random, _next) = (place.Random.Clone(), place.Next);

    /// <summary>What attracts the surroundings of an unstable point: a push there and the opposite one, both run freely.</summary>
    public StateToSearch[] Around(IReadOnlyList<double> state)
    {
        var push = Gaussian(Push);
        return [new([.. state.Zip(push, (h, d) => _map.StateRange.Clamp(h + d))], RunsFreely: true),
            new([.. state.Zip(push, (h, d) => _map.StateRange.Clamp(h - d))], RunsFreely: true)];
    }

    /// <summary>In turn: between two points, where saddles are; in a cube of rates, of random size; run freely from there; and from near
    /// an unstable point.</summary>
    public StateToSearch Next(FixedPoint[] points)
    {
        var kind = _next++ % 4;
        FixedPoint[] unstable = [.. points.Where(point => point.Stability == PointStability.Unstable)];
        if (kind == 3 && unstable.Length > 0) return Around(unstable[_random.NextInt32(unstable.Length)].State)[0];
        if (kind == 0 && points.Length > 1)
        {
            var (one, other, part) = (points[_random.NextInt32(points.Length)].State, points[_random.NextInt32(points.Length)].State,
                _random.NextUniform());
            return new([.. Gaussian(Noise).Select((d, i) => _map.StateRange.Clamp(one[i] + part * (other[i] - one[i]) + d))],
                RunsFreely: false);
        }
        var side = _random.NextUniform();
        var start = _map.Holding([.. Enumerable.Range(0, _map.Units)
            .Select(j => _map.Range.Clamp(_middle[j] + _half[j] * side * (2 * _random.NextUniform() - 1)))]);
        return new(start, RunsFreely: kind != 1);
    }

    private double[] Gaussian(double sigma) => [.. Enumerable.Range(0, _map.Units).Select(_ => sigma * _random.NextGaussian())];

    /// <summary>Random numbers and the kind of state that are next.</summary>
    public readonly record struct Place(RandomStream Random, int Next);
}

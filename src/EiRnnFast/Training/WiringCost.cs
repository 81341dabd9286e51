using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>What each recurrent weight costs, C_ij, [N×N], from row to column: given, or the distances of units placed in a box.</summary>
public sealed record WiringCost : IFileContent
{
    internal static readonly ValueRange SideRange = new(1, 10_000);

    private const int MostUnits = 10_000;

    private static readonly string[] s_axes = ["x", "y", "z"];

    private readonly double[][]? _places;
    private readonly long _count;

    /// <summary>Costs that are given.</summary>
    /// <param name="values">[N×N], 0 or above.</param>
    public WiringCost(IReadOnlyList<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (Values, _count) = (values, values.Count);
    }

    private WiringCost(double[][] places) => (_places, _count) = (places, (long)places.Length * places.Length);

    /// <summary>C, [N×N]; distances are taken when they are first asked for.</summary>
    public IReadOnlyList<float> Values => field ??= Distances(_places!);

    /// <summary>Units of the box along x, y and z; null for costs that were given.</summary>
    public IReadOnlyDictionary<string, double>? Box { get; private init; }

    /// <inheritdoc/>
    public string? SourceFile { get; init; }

    /// <inheritdoc/>
    public string? Sha256 { get; init; }

    /// <summary>Distances of units that stand one apart in a box, along x first, then y, then z (Achterberg et al. 2023: 5×5×4).</summary>
    /// <param name="box">Whole numbers by the names x, y and z; what is not named is 1.</param>
    /// <exception cref="InvalidInputException">Another name, a number that is not whole, or too many units.</exception>
    public static WiringCost Of(IReadOnlyDictionary<string, double> box)
    {
        ArgumentNullException.ThrowIfNull(box);
        if (box.Keys.FirstOrDefault(name => !s_axes.Contains(name)) is { } unknown)
            throw InvalidInputException.Of("cost_box", $"'{unknown}'", "x, y and z", "write it like x=5 y=5 z=4");
        int[] sides = [.. s_axes.Select(axis => Side(box.GetValueOrDefault(axis, 1)))];
        var units = sides.Aggregate(1L, (product, side) => product * side);
        if (units > MostUnits)
            throw InvalidInputException.Of("cost_box", $"{units} units", $"at most {MostUnits}", "use a smaller box");
        return OfPlaces([.. Enumerable.Range(0, (int)units).Select(unit =>
            new double[] { unit % sides[0], unit / sides[0] % sides[1], unit / sides[0] / sides[1] })]) with
        { Box = box };

        static int Side(double value) => value == Math.Floor(value) && SideRange.Holds(value) ? (int)value
            : throw InvalidInputException.Of("cost_box", value, $"whole numbers, {SideRange.Words(whole: true)}",
                "write it like x=5 y=5 z=4");
    }

    /// <summary>Euclidean distances of units at these places, each of the same number of coordinates.</summary>
    public static WiringCost OfPlaces(IReadOnlyList<double[]> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new WiringCost([.. places]);
    }

    private static float[] Distances(double[][] places)
    {
        var distances = new float[places.Length * places.Length];
        for (var i = 0; i < places.Length; i++)
            for (var j = 0; j < places.Length; j++)
            {
                var square = 0.0;
                for (var axis = 0; axis < places[i].Length; axis++) square += Math.Pow(places[i][axis] - places[j][axis], 2);
                distances[i * places.Length + j] = (float)Math.Sqrt(square);
            }
        return distances;
    }

    /// <summary>Checks size and values.</summary>
    /// <exception cref="InvalidInputException">They do not fit a network of so many units, or a cost is below 0 or not finite.</exception>
    internal void Validate(int units)
    {
        if (_count != (long)units * units)
            throw InvalidInputException.Of("wiring cost",
                _places is null ? $"{_count} values" : $"{(Box is null ? "places" : "a box")} of {_places.Length} units",
                _places is null ? $"{units}×{units}, one a weight" : $"{units} units", "give costs of the network's size");
        if (Values.Any(value => !(value >= 0 && float.IsFinite(value))))
            throw InvalidInputException.Of("wiring cost", Values.First(value => !(value >= 0 && float.IsFinite(value))),
                "finite costs of 0 and above", "correct the costs");
    }
}

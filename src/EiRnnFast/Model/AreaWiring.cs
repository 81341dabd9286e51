namespace EiRnnFast.Model;

/// <summary>Areas and the densities between them, read from <see cref="Wiring.Areas"/> and <see cref="Wiring.Projections"/>.</summary>
internal sealed class AreaWiring
{
    private const string Input = "input", Output = "output";

    private readonly string[] _names;
    private readonly int[] _areaOf;
    private readonly double[,] _density; // of each source (areas, then input) and target (areas, then output)

    private AreaWiring(Wiring wiring, NetworkSpec spec)
    {
        _names = [.. wiring.Areas!.Keys];
        _areaOf = Assign([.. wiring.Areas.Values], spec);
        var count = _names.Length;
        for (var area = 0; area < count; area++)
            if (!_areaOf.Contains(area))
                throw InvalidInputException.Of($"area {_names[area]}", $"none of {spec.Units} units", "at least one unit an area",
                    "use more units, or a larger share");
        _density = new double[count + 1, count + 1];
        for (var area = 0; area < count; area++) _density[area, area] = wiring.Density;
        HashSet<(int, int)> named = [];
        foreach (var text in wiring.Projections)
        {
            var (source, target, density) = Parse(text);
            if (!named.Add((source, target)))
                throw InvalidInputException.Of("projections", $"'{text}' a second time", "every pair once", "take one out");
            _density[source, target] = density;
        }
        for (var area = 0; area < count; area++)
        {
            if (!named.Any(pair => pair.Item1 == count)) _density[count, area] = 1;
            if (!named.Any(pair => pair.Item2 == count)) _density[area, count] = 1;
        }
    }

    /// <summary>Null without areas.</summary>
    /// <exception cref="InvalidInputException">Shares that do not add up, an area without a unit, or a projection that cannot be
    /// read.</exception>
    public static AreaWiring? Of(Wiring wiring, NetworkSpec spec)
    {
        if (wiring.Areas is null && wiring.Projections.Count > 0)
            throw InvalidInputException.Of("projections", "no areas", "areas that they join", "name the areas, such as a=0.5 b=0.5");
        if (wiring.Areas is null) return null;
        foreach (var (name, share) in wiring.Areas)
        {
            if (name is Input or Output || name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                throw InvalidInputException.Of("name of an area", $"'{name}'",
                    "ASCII letters, digits, - and _, and neither input nor output",
                    "choose another name");
            if (!(share is > 0 and <= 1))
                throw InvalidInputException.Of($"area {name}", share, "a share of the units, above 0 and at most 1", "correct the share");
        }
        var sum = wiring.Areas.Values.Sum();
        if (Math.Abs(sum - 1) > 1e-9)
            throw InvalidInputException.Of("areas", $"shares that add up to {Math.Round(sum, 9)}", "1",
                "give every area its share of the units");
        return new AreaWiring(wiring, spec);
    }

    /// <summary>Probability that the weight from unit i to unit j exists.</summary>
    public double Density(int i, int j) => _density[_areaOf[i], _areaOf[j]];

    /// <summary>Probability that an input weight of a unit exists.</summary>
    public double InputDensity(int unit) => _density[_names.Length, _areaOf[unit]];

    /// <summary>Probability that a readout weight of a unit exists.</summary>
    public double OutputDensity(int unit) => _density[_areaOf[unit], _names.Length];

    /// <summary>Probability that all outgoing weights of a unit are missing that may exist; 0 for a unit that may have none.</summary>
    public double EmptyRow(int i, bool autapses)
    {
        var (probability, mayExist) = (1.0, false);
        for (var j = 0; j < _areaOf.Length; j++)
        {
            var p = i == j && !autapses ? 0 : Density(i, j);
            mayExist |= p > 0;
            probability *= 1 - p;
        }
        return mayExist ? probability : 0;
    }

    /// <summary>The area of each unit: inhibitory units by the shares of the areas, then all others.</summary>
    private static int[] Assign(double[] shares, NetworkSpec spec)
    {
        var signs = spec.Signs.SignsOf(spec.Units);
        var areaOf = new int[spec.Units];
        foreach (var isInhibitory in new[] { true, false })
        {
            int[] units = [.. Enumerable.Range(0, spec.Units).Where(unit => signs[unit] < 0 == isInhibitory)];
            var (first, upTo) = (0, 0.0);
            for (var area = 0; area < shares.Length; area++)
            {
                upTo += shares[area];
                var end = area == shares.Length - 1 ? units.Length : (int)Math.Round(upTo * units.Length);
                for (; first < end; first++) areaOf[units[first]] = area;
            }
        }
        return areaOf;
    }

    private (int Source, int Target, double Density) Parse(string text)
    {
        if (text.Split("->") is [var from, var rest]
            && rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var to, .. { Length: <= 1 } number])
        {
            var density = 1.0;
            if (number is not [var given] || double.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out density))
            {
                if (!Wiring.DensityRange.Holds(density))
                    throw InvalidInputException.Of($"density of the projection '{text}'", density, Wiring.DensityRange.Words(whole: false),
                        "correct the density");
                return from.Trim() == Input && to == Output
                    ? throw InvalidInputException.Of($"projection '{text}'", "input to output", "an area as source or target",
                        "take it out: networks have no such weights")
                    : (Index(from.Trim(), Input, text), Index(to, Output, text), density);
            }
        }
        throw InvalidInputException.Of("projections", $"'{text}'", "source -> target and, unless 1, a density",
            "write it like sensory -> motor 0.2");
    }

    private int Index(string name, string channels, string text)
    {
        if (name == channels) return _names.Length;
        var at = Array.IndexOf(_names, name);
        return at >= 0 ? at
            : throw InvalidInputException.Of($"projection '{text}'", $"'{name}'", $"one of {string.Join(", ", [.. _names, channels])}",
                NearestName.Remedy("correct the name of the area", name, [.. _names, channels]));
    }
}

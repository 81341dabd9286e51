using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>
/// Which weights a network has. What is drawn is drawn from the network's seed; a weight that does not exist is exactly 0, always.
/// </summary>
public sealed record Wiring
{
    /// <summary>All weights exist.</summary>
    public static Wiring Full { get; } = new();

    internal static readonly ValueRange DensityRange = new(0, 1, AboveLeast: true);

    /// <summary>More units than this without any outgoing weight are expected: the density is then refused.</summary>
    private const double MostEmptyRows = 0.5;

    /// <summary>
    /// p: each entry of W_rec exists with this probability; with areas, each entry within an area. A row that comes out empty is drawn
    /// again.
    /// </summary>
    public double Density { get; init; } = 1;

    /// <summary>Whether units act on themselves: W_rec[i, i].</summary>
    public bool Autapses { get; init; } = true;

    /// <summary>Whether only excitatory units are given input.</summary>
    public bool InputToExcitatory { get; init; }

    /// <summary>Whether only excitatory units are read out.</summary>
    public bool ReadoutFromExcitatory { get; init; }

    /// <summary>
    /// Areas by name in their order, each with its share of the units; null for none. Every area has its share of the inhibitory and
    /// of the excitatory units.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Areas { get; init; }

    /// <summary>
    /// Projections between areas, such as <c>sensory -> motor 0.2</c>: source, target and, unless 1, density. Pairs of areas that are
    /// not named have no weights, an area with itself has <see cref="Density"/>. The source <c>input</c> and the target
    /// <c>output</c> are the channels; where none is named, all areas are given input, and all are read out.
    /// </summary>
    public IReadOnlyList<string> Projections { get; init; } = [];

    /// <summary>Masks from a file; they hold beside all else.</summary>
    public GivenMasks? Given { get; init; }

    /// <summary>Whether all weights exist.</summary>
    public bool IsFull => Density == 1 && Autapses && !InputToExcitatory && !ReadoutFromExcitatory && Areas is null && Given is null;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    internal void Validate(NetworkSpec spec)
    {
        DensityRange.Require("density", Density, 1.0);
        if (InputToExcitatory || ReadoutFromExcitatory)
        {
            var what = InputToExcitatory ? "input to excitatory units only" : "readout from excitatory units only";
            if (spec.Signs.Axis == SignAxis.None)
                throw InvalidInputException.Of(what, "no sign constraint", "excitatory units", "choose a sign axis, or leave it out");
            if (spec.Signs.InhibitoryCount(spec.Units) == spec.Units)
                throw InvalidInputException.Of(what, $"{spec.Units} inhibitory units and no other", "at least one excitatory unit",
                    "choose a larger excitatory fraction, or leave it out");
        }
        Given?.Validate(spec);
        var areas = AreaWiring.Of(this, spec);
        RequireReached(spec, areas);
        if (Density == 1 && areas is null) return;
        double empty = 0, entries = spec.Units - (Autapses ? 0 : 1);
        for (var i = 0; i < spec.Units; i++) empty += areas is null ? Math.Pow(1 - Density, entries) : areas.EmptyRow(i, Autapses);
        if (empty < MostEmptyRows) return;
        var least = 1 - Math.Pow(MostEmptyRows / spec.Units, 1 / Math.Max(1, entries));
        var found = areas is null ? FormattableString.Invariant($"{Density}") : "densities of areas and projections";
        throw InvalidInputException.Of("density", $"{found} with {spec.Units} units, "
            + $"which leaves {Math.Ceiling(empty)} or so without any outgoing weight", "weights in every row",
            areas is null ? $"use at least {Math.Ceiling(1000 * least) / 1000}, or more units" : "raise the densities, or use more units");
    }

    /// <summary>Refuses a network without any weight from its inputs, between its units, or to its outputs.</summary>
    private void RequireReached(NetworkSpec spec, AreaWiring? areas)
    {
        var signs = spec.Signs.SignsOf(spec.Units);
        var units = Enumerable.Range(0, spec.Units);
        bool Exists(IReadOnlyList<bool>? mask, int index) => mask?[index] ?? true;
        bool IsGiven(int unit) => (!InputToExcitatory || signs[unit] > 0) && areas?.InputDensity(unit) is null or > 0
            && Enumerable.Range(0, spec.Inputs).Any(c => Exists(Given?.Masks.Input, c * spec.Units + unit));
        bool IsRead(int unit) => (!ReadoutFromExcitatory || signs[unit] > 0) && areas?.OutputDensity(unit) is null or > 0
            && Enumerable.Range(0, spec.Outputs).Any(o => Exists(Given?.Masks.Output, unit * spec.Outputs + o));
        bool Projects(int unit) => units.Any(to => (Autapses || to != unit) && areas?.Density(unit, to) is null or > 0
            && Exists(Given?.Masks.Recurrent, unit * spec.Units + to));
        foreach (var (what, found) in new[] { ("input", units.Any(IsGiven)), ("readout", units.Any(IsRead)),
            ("recurrent weight", units.Any(Projects)) })
            if (!found)
                throw InvalidInputException.Of("wiring", $"no unit with {(what == "input" ? "an" : "a")} {what}", "at least one",
                    "see that areas, masks and excitatory units have units in common");
    }

    /// <summary>The masks of a network; null where all weights exist.</summary>
    internal WiringMasks? Draw(NetworkSpec spec, long seed)
    {
        if (IsFull) return null;
        var (n, areas) = (spec.Units, AreaWiring.Of(this, spec));
        var signs = spec.Signs.SignsOf(n);
        RandomStream recurrent = new(seed, "recurrent wiring"), input = new(seed, "input wiring"), output = new(seed, "readout wiring");
        var rec = new bool[n * n];
        for (var i = 0; i < n; i++)
            for (bool isDrawn = false, isEmpty = true; isEmpty;)
            {
                for (var j = 0; j < n; j++)
                {
                    var p = i == j && !Autapses ? 0 : areas?.Density(i, j) ?? Density;
                    isDrawn |= p is > 0 and < 1;
                    rec[i * n + j] = Exists(p, recurrent);
                    isEmpty &= !rec[i * n + j];
                }
                isEmpty &= isDrawn;
            }
        bool[] into = new bool[spec.Inputs * n], from = new bool[n * spec.Outputs];
        do
            for (var c = 0; c < spec.Inputs; c++)
                for (var j = 0; j < n; j++)
                    into[c * n + j] = (!InputToExcitatory || signs[j] > 0) && Exists(areas?.InputDensity(j) ?? 1, input);
        while (!into.Contains(true));
        do
            for (var i = 0; i < n; i++)
                for (var o = 0; o < spec.Outputs; o++)
                    from[i * spec.Outputs + o] = (!ReadoutFromExcitatory || signs[i] > 0) && Exists(areas?.OutputDensity(i) ?? 1, output);
        while (!from.Contains(true));
        return new WiringMasks
        {
            Input = WiringMasks.Both(into, Given?.Masks.Input),
            Recurrent = WiringMasks.Both(rec, Given?.Masks.Recurrent),
            Output = WiringMasks.Both(from, Given?.Masks.Output),
        };
    }

    private static bool Exists(double p, RandomStream random) => p is 0 or 1 ? p == 1 : random.NextUniform() < p;
}

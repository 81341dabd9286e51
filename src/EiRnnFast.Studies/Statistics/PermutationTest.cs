using EiRnnFast.Numerics;

namespace EiRnnFast.Studies.Statistics;

/// <summary>A test of a difference of means that assumes no distribution: how far out the difference lies among those of all arrangements
/// that are as likely if there is none.</summary>
/// <param name="P">Twice the smaller of the two one-sided probabilities, 1 at most. By draws each is (b + 1)/(m + 1).</param>
/// <param name="Exact">Whether all arrangements were taken; else <see cref="Draws"/> drawn ones.</param>
/// <param name="Arrangements">How many were looked at.</param>
/// <remarks>Draws come from <c>numpy.random.RandomState(Seed).randint</c>, so they are the same every time.</remarks>
public sealed record PermutationTest(double P, bool Exact, int Arrangements)
{
    /// <summary>Most arrangements that are all taken.</summary>
    public const int MostExact = 20_000;

    /// <summary>How many are drawn where there are more.</summary>
    public const int Draws = 9999;

    /// <summary>The seed of the draws.</summary>
    public const int Seed = 1;

    /// <summary>Sums that differ by less than this fraction of all values' moduli are equal.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Independent samples: arrangements are the splits of all values into samples of these sizes.</summary>
    public static PermutationTest Independent(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        // With the sizes given, the difference of means follows from the sum of the smaller sample.
        var (smaller, larger) = values.Count <= against.Count ? (values, against) : (against, values);
        double[] all = [.. smaller, .. larger];
        var counts = new Counts(smaller.Sum(), Rounding * all.Sum(Math.Abs));
        var splits = Splits(all.Length, smaller.Count);
        if (splits > MostExact)
        {
            var random = new NumPyRandom(Seed);
            for (var draw = 0; draw < Draws; draw++) counts.Add(DrawnSum(all, smaller.Count, random));
            return counts.Drawn();
        }
        int[] chosen = [.. Enumerable.Range(0, smaller.Count)];
        do counts.Add(chosen.Sum(i => all[i]));
        while (Next(chosen, all.Length));
        return counts.All();
    }

    /// <summary>Pairs: arrangements are the signs that the differences of pairs may have.</summary>
    public static PermutationTest Signs(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var counts = new Counts(differences.Sum(), Rounding * differences.Sum(Math.Abs));
        if (differences.Count >= 31 || 1 << differences.Count > MostExact)
        {
            var random = new NumPyRandom(Seed);
            for (var draw = 0; draw < Draws; draw++) counts.Add(differences.Sum(value => random.RandInt(2) == 0 ? -value : value));
            return counts.Drawn();
        }
        for (var signs = 0; signs < 1 << differences.Count; signs++)
            counts.Add(differences.Select((value, i) => (signs >> i & 1) == 0 ? -value : value).Sum());
        return counts.All();
    }

    /// <summary>n over k; a number above <see cref="MostExact"/> where it is more.</summary>
    private static double Splits(int count, int of)
    {
        var splits = 1.0;
        for (var i = 1; i <= of && splits <= MostExact; i++) splits = Math.Round(splits * (count - of + i) / i);
        return splits;
    }

    /// <summary>The next of the ascending choices; false after the last.</summary>
    private static bool Next(int[] chosen, int count)
    {
        var last = chosen.Length - 1;
        while (last >= 0 && chosen[last] == count - chosen.Length + last) last--;
        if (last < 0) return false;
        chosen[last]++;
        for (var i = last + 1; i < chosen.Length; i++) chosen[i] = chosen[i - 1] + 1;
        return true;
    }

    /// <summary>Moves a random choice to the front (Fisher and Yates) and sums it.</summary>
    private static double DrawnSum(double[] all, int of, NumPyRandom random)
    {
        var sum = 0.0;
        for (var i = 0; i < of; i++)
        {
            var other = i + random.RandInt(all.Length - i);
            (all[i], all[other]) = (all[other], all[i]);
            sum += all[i];
        }
        return sum;
    }

    /// <summary>Counts arrangements as low and as high as what was observed.</summary>
    private sealed class Counts(double observed, double rounding)
    {
        private int _low, _high, _all;

        public void Add(double sum)
        {
            if (sum <= observed + rounding) _low++;
            if (sum >= observed - rounding) _high++;
            _all++;
        }

        public PermutationTest All() => new(Math.Min(1, 2.0 * Math.Min(_low, _high) / _all), true, _all);

        public PermutationTest Drawn() => new(Math.Min(1, 2.0 * (Math.Min(_low, _high) + 1) / (_all + 1)), false, _all);
    }
}

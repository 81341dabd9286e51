using EiRnnFast.Numerics;
using MathNet.Numerics.Statistics;

namespace EiRnnFast.Reports;

/// <summary>
/// A 95 % interval by a bootstrap of whole seeds: replicas of different conditions share their seeds, and stay together here. It draws as
/// many seeds as there are with replacement, each with all its networks; where every network has a seed of its own, it is the ordinary
/// bootstrap.
/// </summary>
/// <param name="Low">The percentile 2.5 of what the draws give.</param>
/// <param name="High">The percentile 97.5.</param>
/// <param name="Seeds">How many seeds there are.</param>
/// <remarks>
/// Always <see cref="MeanInterval.Resamples"/> draws of the seed <see cref="MeanInterval.Seed"/>, as
/// <c>numpy.random.RandomState(1).randint(seeds, size=(2000, seeds))</c> with seeds ascending. Draws that give nothing (one side without
/// networks, one value of the setting) are left out. With few seeds it is too narrow, by √((n − 1)/n) and more.
/// </remarks>
public sealed record SeedInterval(double Low, double High, int Seeds)
{
    /// <summary>Of the slope of y on x by least squares; null with fewer than two seeds, or a single x.</summary>
    public static SeedInterval? OfSlope(IReadOnlyList<(long Seed, double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0) return null;
        double middleX = points.Average(point => point.X), middleY = points.Average(point => point.Y);
        (double Count, double X, double Y, double XX, double XY, double Least, double Most)[] seeds =
        [
            .. points.GroupBy(point => point.Seed, point => (X: point.X - middleX, Y: point.Y - middleY)).OrderBy(seed => seed.Key)
                .Select(seed => ((double)seed.Count(), seed.Sum(point => point.X), seed.Sum(point => point.Y),
                    seed.Sum(point => point.X * point.X), seed.Sum(point => point.X * point.Y),
                    seed.Min(point => point.X), seed.Max(point => point.X))),
        ];
        return Of(seeds.Length, drawn =>
        {
            double count = 0, x = 0, y = 0, xx = 0, xy = 0, least = double.MaxValue, most = double.MinValue;
            foreach (var i in drawn)
            {
                count += seeds[i].Count;
                x += seeds[i].X;
                y += seeds[i].Y;
                xx += seeds[i].XX;
                xy += seeds[i].XY;
                (least, most) = (Math.Min(least, seeds[i].Least), Math.Max(most, seeds[i].Most));
            }
            return least == most ? double.NaN : (count * xy - x * y) / (count * xx - x * x);
        });
    }

    /// <summary>Of a difference of means; null with fewer than two seeds in all.</summary>
    public static SeedInterval? OfDifference(
        IReadOnlyList<(long Seed, double Value)> values, IReadOnlyList<(long Seed, double Value)> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        long[] seeds = [.. values.Concat(against).Select(one => one.Seed).Distinct().Order()];
        var (sides, others) = (Sides(values), Sides(against));
        return Of(seeds.Length, drawn => Mean(sides, drawn) - Mean(others, drawn));

        (double Sum, int Count)[] Sides(IReadOnlyList<(long Seed, double Value)> side) =>
            [.. seeds.Select(seed => (side.Where(one => one.Seed == seed).Sum(one => one.Value), side.Count(one => one.Seed == seed)))];

        static double Mean((double Sum, int Count)[] side, int[] drawn) => drawn.Sum(i => side[i].Sum) / drawn.Sum(i => side[i].Count);
    }

    private static SeedInterval? Of(int seeds, Func<int[], double> statistic)
    {
        if (seeds < 2) return null;
        var random = new NumPyRandom(MeanInterval.Seed);
        double[] found = [.. Enumerable.Range(0, MeanInterval.Resamples).Select(_ => statistic(random.RandInt(seeds, seeds)))
            .Where(double.IsFinite)];
        if (found.Length == 0) return null;
        Array.Sort(found);
        return new SeedInterval(End(0.025), End(0.975), seeds);

        double End(double part) => SortedArrayStatistics.QuantileCustom(found, part, QuantileDefinition.R7); // as numpy.percentile
    }
}

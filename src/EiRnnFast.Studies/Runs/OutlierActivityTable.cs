using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>What outliers and activity have in common, in JSON and as CSV (RFC 4180).</summary>
internal static class OutlierActivityTable
{
    /// <summary>The file.</summary>
    public const string Name = "outlier_activity.csv";

    /// <summary>Part <c>outlier_activity</c> of a network in <c>dynamics.json</c>.</summary>
    public static object? Of(OutlierActivity? found, int units) => found is null ? null : new
    {
        found.Components, ComponentsChance = found.Components.Select(count => (double)count / units),
        Modes = found.Modes.Select(mode => new
        {
            Eigenvalue = new[] { mode.Eigenvalue.Real, mode.Eigenvalue.Imaginary },
            Pattern = Overlap(mode.Pattern, units), Sensitivity = Overlap(mode.Sensitivity, units),
        }),
        Patterns = Overlap(found.Patterns, units), Sensitivities = Overlap(found.Sensitivities, units),
    };

    /// <summary>A row for each outlier, vector and number of components; rows without an outlier are of all of them together.</summary>
    public static string Csv(DynamicsRun run)
    {
        var text = new StringBuilder("file,outlier,re,im,vector,dimension,variance,mean,chance,"
            + "components,in_components,components_chance\n");
        foreach (var network in run.Networks)
        {
            if (network.OutlierActivity is not { } found) continue;
            foreach (var (i, mode) in found.Modes.Index())
            {
                var z = mode.Eigenvalue;
                var outlier = string.Create(CultureInfo.InvariantCulture, $"{i + 1},{z.Real:R},{z.Imaginary:R}");
                Rows($"{outlier},pattern", mode.Pattern);
                Rows($"{outlier},sensitivity", mode.Sensitivity);
            }
            Rows(",,,pattern", found.Patterns);
            Rows(",,,sensitivity", found.Sensitivities);

            void Rows(string which, ActivityOverlap overlap)
            {
                var units = (double)network.Network.Units;
                foreach (var (count, share) in found.Components.Zip(overlap.InComponents))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{DynamicsTables.Quoted(network.File)},{which},{overlap.Dimension},");
                    text.Append(CultureInfo.InvariantCulture, $"{overlap.Variance:R},{overlap.Mean:R},{overlap.Dimension / units:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{count},{share:R},{count / units:R}\n");
                }
            }
        }
        return text.ToString();
    }

    private static object Overlap(ActivityOverlap overlap, int units) =>
        new { overlap.Dimension, overlap.InComponents, overlap.Variance, overlap.Mean, Chance = (double)overlap.Dimension / units };
}

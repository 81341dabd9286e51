using System.Globalization;
using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>The distances between spectra on the page of a sweep.</summary>
internal static class SpectralDistancePart
{
    public static void Add(HtmlPage page, SpectralDistances distances)
    {
        string[] numbers =
            [.. Enumerable.Range(1, distances.Conditions.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var caption = "Distance between spectra after training: the mean Wasserstein distance W₁ of the eigenvalues over pairs of "
            + "networks of two conditions; on the diagonal, of one. Eigenvalues are as they are, not scaled by any radius. "
            + "The order and the tree are those of average linkage. The table below numbers the conditions."
            + Taken(distances.Conditions.Count, distances.OfConditions, "conditions")
            + Taken(distances.Networks, distances.OfNetworks, "networks");
        page.Figures(
        [
            ReportFigure.Of("spectral distances", caption,
                "Mean distances between the spectra of conditions, nearest first: "
                    + string.Join("; ", distances.Linkage.Take(5).Select(merge => Merged(distances, merge))) + ".",
                DistanceFigure.Of([new DistancePanel("mean W₁", distances.Matrix(), distances.Leaves, distances.Linkage)],
                    "Distance between spectra", numbers, "condition (number in the table)")),
        ]);
    }

    /// <summary>Which number is which condition, and what is near it.</summary>
    public static void AddTable(HtmlPage page, SpectralDistances distances) =>
        page.Table("Conditions in the order of their clusters, with mean distances between the spectra of their networks.",
            ["condition", "number", "networks", "within", "nearest other", "distance"],
            distances.Leaves.Select(leaf => Row(distances, leaf)));

    private static string[] Row(SpectralDistances distances, int condition)
    {
        var nearest = Enumerable.Range(0, distances.Conditions.Count).Where(other => other != condition)
            .MinBy(other => distances.Distances[condition][other]);
        return
        [
            distances.Conditions[condition], $"{condition + 1}", $"{distances.Counts[condition]}",
            Text(distances.Distances[condition][condition]), $"{nearest + 1}", Text(distances.Distances[condition][nearest]),
        ];
    }

    private static string Merged(SpectralDistances distances, Similarity.Merge merge)
    {
        return $"{Part(merge.First)} and {Part(merge.Second)} at {Text(merge.Distance)}";

        string Part(int number) => number < distances.Conditions.Count ? distances.Conditions[number] : "a cluster";
    }

    private static string Taken(int taken, int all, string what) =>
        taken == all ? "" : $" Compared: {taken} of {all} {what}, taken evenly.";

    private static string Text(double? value) => value is { } known ? SweepSummary.Number(known) : "–";
}

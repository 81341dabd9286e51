using System.CommandLine;
using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary><c>--bifurcation 0,0:1,1:50</c> of <c>eirnn dynamics</c>, and what it prints.</summary>
internal static class BifurcationOption
{
    private const string Name = "--bifurcation";

    public static Option<string> Create() => new(Name)
    {
        Description = "Follow fixed points as the constant input goes from one value to another, such as 0,0:1,1, or 0,0:1,1:100 for "
            + $"100 steps ({InputPath.UsualSteps} unless said).",
    };

    public static InputPath? Of(string? text)
    {
        if (text is null) return null;
        var parts = text.Split(':');
        if (parts.Length is 2 or 3 && Numbers(parts[0]) is { } from && Numbers(parts[1]) is { } to)
        {
            if (parts.Length == 2) return new InputPath(from, to);
            if (int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var steps))
                return new InputPath(from, to, steps);
        }
        throw InvalidInputException.Of(Name, $"'{text.ReplaceLineEndings(" ")}'",
            "two inputs with a colon between them, each one number per input channel, and, if you like, a whole number of steps",
            "write it like 0,0:1,1 or 0,0:1,1:100");
    }

    public static void Print(FixedPointCurves found)
    {
        Console.WriteLine($"  along x    {Readable.Count(found.Curves.Count, "curve")} of fixed points, "
            + $"{Readable.Count(found.Curves.Sum(curve => curve.Bifurcations.Count), "bifurcation")}");
        foreach (var (k, curve) in found.Curves.Index())
            foreach (var one in curve.Bifurcations)
                Console.WriteLine($"    curve {k + 1}  {BifurcationSummary.Name(one.Kind).Replace('_', ' ')} at s = "
                    + $"{curve.Points[one.Point].S:0.000000}: {BifurcationSummary.Change(one)}");
        if (found.HasIndexSum && found.Counts.Count(count => count.IndexSum != 1) is > 0 and var open)
            Console.WriteLine($"    the index sum is not +1 or not known at {open} of {found.Counts.Count} inputs: "
                + "points may be missing there");
    }

    private static double[]? Numbers(string text)
    {
        var parts = text.Split(',');
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return numbers;
    }
}

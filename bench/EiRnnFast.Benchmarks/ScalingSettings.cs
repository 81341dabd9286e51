using System.Globalization;

namespace EiRnnFast.Benchmarks;

/// <summary>What <c>scaling</c> was asked for.</summary>
/// <param name="Units">Sizes for workers; null for the usual ones of both parts.</param>
/// <param name="Json">Whether to print JSON.</param>
/// <param name="Rounds">Rounds; medians are told.</param>
/// <param name="Seconds">Of one measurement.</param>
internal sealed record ScalingSettings(int[]? Units, bool Json, int Rounds, double Seconds)
{
    /// <summary>Reads the arguments.</summary>
    /// <exception cref="InvalidInputException">One that is not known.</exception>
    public static ScalingSettings Parse(ReadOnlySpan<string> arguments)
    {
        var settings = new ScalingSettings(null, false, 3, 2);
        for (var i = 0; i < arguments.Length; i++)
            settings = arguments[i] switch
            {
                "--json" => settings with { Json = true },
                "--quick" => settings with { Rounds = 1, Seconds = 0.3 },
                "--units" when i + 1 < arguments.Length => settings with { Units = [.. arguments[++i].Split(',').Select(Size)] },
                "--rounds" when i + 1 < arguments.Length => settings with { Rounds = Rounded(arguments[++i]) },
                "--seconds" when i + 1 < arguments.Length => settings with { Seconds = Time(arguments[++i]) },
                var other => throw InvalidInputException.Of("argument", $"'{other}'",
                    "--units 50,100, --seconds 2, --rounds 3, --quick or --json", "name one of these (see --help)"),
            };
        return settings;
    }

    /// <summary>1, 2, 4 … and last the number of cores.</summary>
    public static int[] Steps(int cores)
    {
        List<int> steps = [];
        for (var step = 1; step < cores; step *= 2) steps.Add(step);
        return [.. steps, cores];
    }

    private static int Size(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
        && units is >= 2 and <= 5000 ? units
        : throw InvalidInputException.Of("--units", $"'{text}'", "numbers of units from 2 to 5000, with commas between",
            "such as --units 50,100");

    private static int Rounded(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
        && rounds is >= 1 and <= 1000 ? rounds
        : throw InvalidInputException.Of("--rounds", $"'{text}'", "a number from 1 to 1000", "3 is usual");

    private static double Time(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0.01 and <= 3600 ? seconds
        : throw InvalidInputException.Of("--seconds", $"'{text}'", "a number from 0.01 to 3600", "2 is usual");
}

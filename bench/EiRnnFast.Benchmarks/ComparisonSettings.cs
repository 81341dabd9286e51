namespace EiRnnFast.Benchmarks;

/// <summary>What <c>bench/compare</c> was asked for.</summary>
internal sealed record ComparisonSettings(int[] Units, bool Json, int Rounds, Workload Workload, string? Ledger)
{
    private static readonly int[] s_units = [50, 100, 200, 500];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="InvalidInputException">One that is not known.</exception>
    public static ComparisonSettings Parse(ReadOnlySpan<string> arguments)
    {
        var (units, json, rounds, workload, ledger) = (s_units, false, 25, Workload.Reference, (string?)null);
        for (var i = 0; i < arguments.Length; i++)
            switch (arguments[i])
            {
                case "--json": json = true; break;
                case "--quick": rounds = 3; break;
                case "--units" when i + 1 < arguments.Length: units = [.. arguments[++i].Split(',').Select(Size)]; break;
                case "--workload" when i + 1 < arguments.Length: workload = WorkloadOf(arguments[++i]); break;
                case "--ledger" when i + 1 < arguments.Length: ledger = arguments[++i]; break;
                default:
                    throw InvalidInputException.Of("argument", $"'{arguments[i]}'",
                        "--workload leaky, --units 50,100, --quick, --ledger FILE or --json", "name one of these (see --help)");
            }
        return new ComparisonSettings(units, json, rounds, workload, ledger);
    }

    private static Workload WorkloadOf(string name) => Workload.All.FirstOrDefault(workload => workload.Name == name)
        ?? throw InvalidInputException.Of("--workload", $"'{name}'", string.Join(" or ", Workload.All.Select(workload => workload.Name)),
            "name one of these");

    private static int Size(string text) => int.TryParse(text, out var units) && units is >= 2 and <= 5000
        ? units
        : throw InvalidInputException.Of("--units", $"'{text}'", "numbers of units from 2 to 5000, with commas between",
            "such as --units 50,100");
}

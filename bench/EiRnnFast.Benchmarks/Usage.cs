namespace EiRnnFast.Benchmarks;

/// <summary>What the benchmarks answer to <c>--help</c>.</summary>
internal static class Usage
{
    private static readonly Dictionary<string, string> s_verbs = new()
    {
        ["compare"] = """
            Usage: bench/compare [options]

            Times updates of the engine and of PyTorch in turn, one thread each, and prints medians.

              --workload NAME   reference (the published network, default) or leaky (leaky relu units with noise)
              --units 50,100    sizes, 2 to 5000 (default: 50,100,200,500)
              --quick           3 rounds instead of 25
              --json            print one JSON object
              --ledger FILE     also append the table to this file, such as one of bench/results
              --help            this text

            A warning tells of a disturbed run: peaks before and after a turn that differ by more than 5 %, or more than 100 % of the peak.
            The variable EIRNN_PYTHON names the Python that imports torch; EIRNN_KERNELS the kernel set.
            """,
        ["eigenvalues"] = """
            Usage: EiRnnFast.Benchmarks eigenvalues

            Times the own eigenvalue solver and a LAPACK in turn on random matrices of 20 to 1000 units, on one core.

              --help   this text

            The variable EIRNN_LAPACK names the LAPACK.
            """,
        ["fresh"] = """
            Usage: EiRnnFast.Benchmarks fresh

            Times, for every task, drawing a fresh batch and the update that it is for.

              --help   this text
            """,
        ["scaling"] = """
            Usage: EiRnnFast.Benchmarks scaling [options]

            Measures what 1, 2, 4 … and all cores add: workers with a network each, and threads of one network.

              --units 50,100   sizes of both parts, 2 to 5000 (default: 50 to 1000 for workers, 100 to 2000 for threads)
              --rounds 3       rounds, 1 to 1000 (default: 3)
              --seconds 2      seconds of one measurement, 0.01 to 3600 (default: 2)
              --quick          1 round of 0.3 seconds
              --json           print one JSON object
              --help           this text
            """,
        ["sparse"] = """
            Usage: EiRnnFast.Benchmarks sparse [ROUNDS [UNITS …]]

            Times updates of networks without all recurrent weights, in the dense form and in another one in turn.

              ROUNDS    updates in turn, 1 to 1000 (default: 9)
              UNITS     sizes, 20 to 5000 (default: 500 1000)
              --help    this text
            """,
        ["threads"] = """
            Usage: EiRnnFast.Benchmarks threads [THREADS [ROUNDS [UNITS …]]]

            Times a meeting of threads, and updates of one network on one thread and on several in turn.

              THREADS   threads (default: all cores)
              ROUNDS    updates in turn, of which the least is told (default: 20)
              UNITS     sizes (default: 100 200 256 300 500 1000)
              --help    this text
            """,
    };

    /// <summary>Names of the benchmarks beside BenchmarkDotNet's.</summary>
    public static IReadOnlyCollection<string> Verbs => s_verbs.Keys;

    /// <summary>What stands above BenchmarkDotNet's own help.</summary>
    public static string All => $"""
        Usage: EiRnnFast.Benchmarks [--short | --dry] [BenchmarkDotNet's options, below]
               EiRnnFast.Benchmarks NAME [options]     NAME: {string.Join(", ", Verbs)}; NAME --help tells more

          --short   everything, in a minute or two
          --dry     every benchmark once, to see that it runs

        """;

    /// <summary>The text of one benchmark; null for a name that there is not.</summary>
    public static string? Of(string verb) => s_verbs.GetValueOrDefault(verb);
}

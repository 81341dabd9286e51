using System.Diagnostics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Benchmarks;

/// <summary>All eigenvalues of random matrices on one core: the own solver and a LAPACK in turn, medians of the same run.</summary>
internal static class EigenvaluePairs
{
    private static readonly int[] s_units = [20, 50, 100, 150, 200, 300, 500, 700, 1000];

    /// <summary>Prints a line a size; without a native library the own solver alone.</summary>
    public static void Run(TextWriter output)
    {
        var (own, other) = (EigenSolver.Own, EigenSolver.Current);
        output.WriteLine($"{Machine.Processor}; {Machine.Engine}; one core; own solver and {other.Name} in turn, medians");
        output.WriteLine($"{"units",6} {"own, ms",10} {"LAPACK, ms",11} {"own / LAPACK",13} {"pairs",6}");
        foreach (var n in s_units)
        {
            var pairs = Math.Clamp((int)(4e8 / Math.Pow(n, 3)), 7, 400);
            double[] mine = new double[pairs], theirs = new double[pairs];
            for (var pair = -Math.Min(pairs, 30); pair < pairs; pair++)
            {
                var random = new Random(n + pair);
                double[] matrix = [.. Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5)];
                var (first, second) = (Seconds(own, matrix, n), other.IsNative ? Seconds(other, matrix, n) : double.NaN);
                if (pair >= 0) (mine[pair], theirs[pair]) = (first, second);
            }
            var (a, b) = (mine.Order().ElementAt(pairs / 2), theirs.Order().ElementAt(pairs / 2));
            output.WriteLine($"{n,6} {1e3 * a,10:0.000} {1e3 * b,11:0.000} {a / b,13:0.00} {pairs,6}");
        }
    }

    private static double Seconds(EigenSolver solver, double[] matrix, int n)
    {
        var start = Stopwatch.GetTimestamp();
        solver.Eigenvalues(matrix, n);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

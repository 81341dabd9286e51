using System.Numerics;
using BenchmarkDotNet.Attributes;
using EiRnnFast.Spectra;

namespace EiRnnFast.Benchmarks;

/// <summary>All eigenvalues of a random matrix, by the LAPACK that was found and by the own solver.</summary>
public class EigenvaluesBenchmark
{
    private EigenSolver _solver = null!;
    private double[] _matrix = [];

    [Params(100, 500)]
    public int Units { get; set; }

    [ParamsSource(nameof(Providers))]
    public string Provider { get; set; } = "";

    public static IEnumerable<string> Providers => Solvers.Select(FirstWord).Distinct();

    private static IEnumerable<EigenSolver> Solvers => [EigenSolver.Current, EigenSolver.Own];

    [GlobalSetup]
    public void Setup()
    {
        _solver = Solvers.First(solver => FirstWord(solver) == Provider);
        _matrix = Array.ConvertAll(RandomMatrix.Uniform(Units, Units, Units).Span.ToArray(), value => (double)value);
    }

    [Benchmark(Description = "eigenvalues")]
    public Complex[] Eigenvalues() => _solver.Eigenvalues(_matrix, Units);

    private static string FirstWord(EigenSolver solver) => solver.Name.Split(' ')[0];
}

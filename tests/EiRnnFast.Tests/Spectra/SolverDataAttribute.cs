using System.Reflection;
using EiRnnFast.Spectra;
using Xunit.Sdk;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Runs a theory with one eigenvalue solver; skipped where its library is not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SolverDataAttribute : DataAttribute
{
    public SolverDataAttribute(string solver)
    {
        Solver = solver;
        try
        {
            if (solver == Current && !EigenSolver.Current.IsNative) Skip = "no native LAPACK was found";
            else SolverOf(solver);
        }
        catch (InvalidInputException)
        {
            Skip = $"{solver} is not installed";
        }
    }

    public const string Own = "own", Current = "current", OpenBlas = "libopenblas.so.0", Reference = "liblapack.so.3";

    public string Solver { get; }

    public static EigenSolver SolverOf(string solver) => solver switch
    {
        Own => EigenSolver.Own,
        Current => EigenSolver.Current,
        _ => EigenSolver.FromLibrary(solver),
    };

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Solver]];
}

using System.Reflection;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast;

/// <summary>What computes: handed on from the program to every run, so that nothing below reads the environment.</summary>
/// <param name="Kernels">The kernel set that networks run and are trained on.</param>
/// <param name="Solver">What finds eigenvalues.</param>
public sealed record Backend(KernelSet Kernels, EigenSolver Solver)
{
    /// <summary>Version of the engine, with the commit it was built from.</summary>
    public static string EngineVersion { get; } =
        typeof(Backend).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Threads that one analysis may compute on, 1 unless said: a sweep has work of its own for every core.</summary>
    /// <exception cref="InvalidInputException">Below 1, or more than any machine has cores for.</exception>
    public int Threads { get; init => field = ThreadBudget.Checked(value); } = 1;

    /// <summary>
    /// What the environment asks for, else the best that is here: <see cref="KernelSet.Current"/> and <see cref="EigenSolver.Current"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">A variable names what is not there.</exception>
    public static Backend Default => new(KernelSet.Current, EigenSolver.Current);
}

using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast;

/// <summary>What computes: handed on from the program to every run, so that nothing below reads the environment.</summary>
/// <param name="Kernels">The kernel set that networks run and are trained on.</param>
/// <param name="Solver">What finds eigenvalues.</param>
public sealed record Backend(KernelSet Kernels, EigenSolver Solver)
{
    /// <summary>
    /// What the environment asks for, else the best that is here: <see cref="KernelSet.Current"/> and <see cref="EigenSolver.Current"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">A variable names what is not there.</exception>
    public static Backend Default => new(KernelSet.Current, EigenSolver.Current);
}

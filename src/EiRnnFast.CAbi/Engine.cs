using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast.CAbi;

/// <summary>What computes in this process.</summary>
internal static class Engine
{
    private static volatile Backend? s_chosen;

    /// <summary>What was chosen, else what the environment asks for, else the best that is here.</summary>
    public static Backend Backend => s_chosen ?? Backend.Default;

    /// <summary>Chooses kernels and LAPACK; null leaves one as it is.</summary>
    public static void Choose(string? kernels, string? lapack)
    {
        var now = Backend;
        s_chosen = new Backend(kernels is null ? now.Kernels : KernelSet.Get(kernels),
            lapack is null ? now.Solver : EigenSolver.Get(lapack));
    }
}

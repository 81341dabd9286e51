using System.CommandLine;
using System.CommandLine.Completions;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast.CommandLine;

/// <summary>What computes, as the command line says it: options of every command, which win over the environment.</summary>
internal static class BackendOptions
{
    /// <summary>The kernel set.</summary>
    public static Option<string> Kernels { get; } = new("--kernels")
    {
        Description = "Kernel set to compute on; eirnn info lists them (default: EIRNN_KERNELS, else the fastest).",
        Recursive = true,
        HelpName = "name",
        CompletionSources = { _ => KernelSet.Available.Select(set => new CompletionItem(set.Name)) },
    };

    /// <summary>The eigenvalue solver.</summary>
    public static Option<string> Lapack { get; } = new("--lapack")
    {
        Description = "LAPACK library to find eigenvalues with, or 'own' (default: EIRNN_LAPACK, else what is found).",
        Recursive = true,
        HelpName = "path",
        CompletionSources = { "own" },
    };

    /// <summary>What the options ask for, else the environment, else the best that is here.</summary>
    /// <exception cref="InvalidInputException">An option or a variable names what is not there; the message says which.</exception>
    public static Backend Of(ParseResult parsed) => new(
        parsed.GetValue(Kernels) is { } name ? KernelSet.Get(name, Kernels.Name) : KernelSet.Current,
        parsed.GetValue(Lapack) is { } choice ? EigenSolver.Get(choice, Lapack.Name) : EigenSolver.Current);

    /// <summary>The same with the kernel set of what goes on, unless the option or the variable names another.</summary>
    public static Backend Of(ParseResult parsed, string kernelSet)
    {
        var isNamed = parsed.GetValue(Kernels) is not null || Environment.GetEnvironmentVariable(KernelSet.Variable) is { Length: > 0 };
        var backend = Of(parsed);
        return isNamed ? backend : backend with { Kernels = KernelSet.Get(kernelSet, "checkpoint") };
    }

    /// <summary>What computes, as progress and headings tell it.</summary>
    public static string Text(Backend backend) => $"kernels {backend.Kernels.Name}; LAPACK {backend.Solver.Name}";
}

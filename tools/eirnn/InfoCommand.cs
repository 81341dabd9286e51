using System.CommandLine;
using System.Runtime.InteropServices;
using EiRnnFast.Kernels;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn info</c>: what this program runs on here.</summary>
internal static class InfoCommand
{
    private const string Advice = "reference LAPACK is slow: --lapack own is faster, and OpenBLAS or Intel MKL too";

    public static Command Create()
    {
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("info", "Show version, kernel set, lane width and the LAPACK found.")
        {
            json, quiet,
        };
        command.SetAction(parsed =>
        {
            var (kernels, solver) = BackendOptions.Of(parsed);
            var isFast = !solver.Name.StartsWith("LAPACK", StringComparison.Ordinal);
            var kernelSets = KernelSet.Available.Select(set => set.Name);
            (string Name, string? Failure)[] libraries =
            [
                ("drawing", Failure(DrawingLibrary.Check)),
                ("SQLite", Failure(StoreLibrary.Check)),
            ];
            if (parsed.GetValue(json))
            {
                StandardStreams.PrintJson(new
                {
                    Version = Backend.EngineVersion,
                    KernelSet = kernels.Name,
                    kernels.LaneWidth,
                    KernelSets = kernelSets,
                    Lapack = solver.Name,
                    LapackNative = solver.IsNative,
                    LapackAdvice = isFast ? null : Advice,
                    Runtime = RuntimeInformation.FrameworkDescription,
                    System = RuntimeInformation.OSDescription,
                    Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
                    Processors = Environment.ProcessorCount,
                    NativeLibraries = libraries.Select(library => new
                    {
                        Name = library.Name.ToLowerInvariant(),
                        Loads = library.Failure is null,
                        library.Failure,
                    }),
                });
                return ExitCodes.Done;
            }
            Console.WriteLine($"version      {Backend.EngineVersion}");
            Console.WriteLine($"kernel set   {kernels.Name}, {kernels.LaneWidth} floats a lane "
                + $"(available: {string.Join(", ", kernelSets)}; choose with --kernels or EIRNN_KERNELS)");
            Console.WriteLine($"LAPACK       {solver.Name} (choose with --lapack or EIRNN_LAPACK: a path, or 'own')");
            if (!isFast) Console.WriteLine($"             {Advice}");
            foreach (var (name, failure) in libraries) Console.WriteLine($"{name,-12} {failure ?? "its native library loads"}");
            Console.WriteLine($"runtime      {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
                + $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Failure(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (InvalidInputException e)
        {
            return e.Message;
        }
    }
}

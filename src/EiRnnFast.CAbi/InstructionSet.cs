namespace EiRnnFast.CAbi;

/// <summary>The instructions that this build of the library uses.</summary>
internal static class InstructionSet
{
    /// <summary>The level that it was compiled for; run by a just-in-time compiler, that of the machine.</summary>
    public static string OfBuild =>
#if X86_64_V4
        "x86-64-v4";
#elif X86_64_V3
        "x86-64-v3";
#elif X86_64_V2
        "x86-64-v2";
#else
        Kernels.ProcessorLevel.OfMachine;
#endif
}

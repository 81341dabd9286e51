using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.CAbi;

/// <summary>The levels of x86-64 (psABI), of this build and of this machine.</summary>
internal static class InstructionSet
{
    /// <summary>What the code may use. Compiled ahead, the widest vectors that it takes for granted tell.</summary>
    public static string OfBuild =>
#if X86_64_V4
        "x86-64-v4";
#elif X86_64_V3
        "x86-64-v3";
#elif X86_64_V2
        "x86-64-v2";
#else
        OfMachine;
#endif

    /// <summary>The highest level of this machine.</summary>
    public static string OfMachine => !X86Base.IsSupported ? "none"
        : Avx512F.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported
            && Vector512.IsHardwareAccelerated ? "x86-64-v4"
        : Avx2.IsSupported && Bmi1.IsSupported && Bmi2.IsSupported && Fma.IsSupported && Lzcnt.IsSupported ? "x86-64-v3"
        : Sse42.IsSupported && Popcnt.IsSupported ? "x86-64-v2" : "x86-64";
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels;

/// <summary>The levels of x86-64 instructions, as compilers and loaders name them (psABI).</summary>
public static class ProcessorLevel
{
    /// <summary>The highest level of this machine, such as x86-64-v4 (AVX-512) or x86-64-v3 (AVX2); none on other processors.</summary>
    public static string OfMachine => !X86Base.IsSupported ? "none"
        : Avx512F.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported
            && Vector512.IsHardwareAccelerated ? "x86-64-v4"
        : Avx2.IsSupported && Bmi1.IsSupported && Bmi2.IsSupported && Fma.IsSupported && Lzcnt.IsSupported ? "x86-64-v3"
        : Sse42.IsSupported && Popcnt.IsSupported ? "x86-64-v2" : "x86-64";
}

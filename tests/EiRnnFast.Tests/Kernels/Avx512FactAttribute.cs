using EiRnnFast.Kernels;

namespace EiRnnFast.Tests.Kernels;

/// <summary>A test of the AVX-512 kernels; skipped where the engine itself cannot choose them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class Avx512FactAttribute : FactAttribute
{
    public Avx512FactAttribute()
    {
        if (!KernelSet.Available.Contains(KernelSet.Vector512)) Skip = "this processor has no AVX-512";
    }
}

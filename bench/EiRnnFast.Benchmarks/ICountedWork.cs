using BenchmarkDotNet.Running;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>A benchmark whose speed can be held against the peak.</summary>
internal interface ICountedWork
{
    /// <summary>Operations of the dense products in one call, a multiply-add counted as two; null where a count would mislead.</summary>
    double? Operations { get; }

    /// <summary>Name of the <see cref="KernelSet"/>, whose lane's peak is the measure.</summary>
    string Kernels { get; }

    /// <summary>The benchmark with its parameters, not set up; null when it has no count.</summary>
    static ICountedWork? Of(BenchmarkCase benchmark)
    {
        if (!benchmark.Descriptor.Type.IsAssignableTo(typeof(ICountedWork))) return null;
        var work = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (var parameter in benchmark.Parameters.Items) work.GetType().GetProperty(parameter.Name)!.SetValue(work, parameter.Value);
        return ((ICountedWork)work).Operations is null ? null : (ICountedWork)work;
    }
}

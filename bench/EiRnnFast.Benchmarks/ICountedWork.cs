namespace EiRnnFast.Benchmarks;

/// <summary>A benchmark whose speed can be held against the peak.</summary>
internal interface ICountedWork
{
    /// <summary>Operations of the dense products in one call, a multiply-add counted as two; null where a count would mislead.</summary>
    double? Operations { get; }

    /// <summary>Name of the kernel set, whose lane's peak is the measure.</summary>
    string Kernels { get; }
}

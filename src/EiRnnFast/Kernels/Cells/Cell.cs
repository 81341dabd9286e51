using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Cells;

/// <summary>The table of cells: of each its kernel sets, a set being (lane, cell), and its form in double precision for analyses.</summary>
internal abstract class Cell
{
    private protected Cell() { }

    /// <summary>Cells without a leak. A new activation is a struct in Activations.cs and a name here.</summary>
    public static readonly Cell Tanh = Of<TanhActivation>(), Relu = Of<ReluActivation>(), Softplus = Of<SoftplusActivation>(),
        Sigmoid = Of<SigmoidActivation>(), Linear = Of<LinearActivation>();

    /// <summary>Every cell.</summary>
    public static IReadOnlyList<Cell> All { get; } =
        [.. new[] { Tanh, Relu, Softplus, Sigmoid, Linear }.SelectMany(cell => new[] { cell, cell._rate!, cell._voltage! })];

    private Cell? _rate, _voltage;

    /// <summary>The cell of the same activation without a leak, or with a leak of the rate or of the voltage.</summary>
    public static Cell Of(Cell instant, bool hasLeak, bool isVoltage) =>
        !hasLeak ? instant : isVoltage ? instant._voltage! : instant._rate!;

    private static Cell<InstantCell<TActivation>> Of<TActivation>() where TActivation : struct, IActivation =>
        new() { _rate = new Cell<RateCell<TActivation>>(), _voltage = new Cell<VoltageCell<TActivation>>() };

    public abstract string Name { get; }

    /// <summary>See <see cref="KernelSet.Scalar"/>.</summary>
    public abstract KernelSet Scalar { get; }

    /// <summary>See <see cref="KernelSet.Vector"/>.</summary>
    public abstract KernelSet Vector { get; }

    /// <summary>See <see cref="KernelSet.Vector512"/>.</summary>
    public abstract KernelSet Vector512 { get; }

    /// <summary>See <see cref="KernelSet.Available"/>.</summary>
    public abstract IReadOnlyList<KernelSet> Available { get; }

    /// <summary>Whether f(0) = 0.</summary>
    public abstract bool IsZeroAtZero { get; }

    /// <summary>Sums, in place, into values of the activation.</summary>
    public abstract void Values(Span<double> sums);

    /// <summary>The activation's slopes at some values.</summary>
    public abstract double[] Slopes(ReadOnlySpan<double> values);
}

/// <summary>One cell's line of the table.</summary>
internal sealed class Cell<TCell> : Cell where TCell : struct, ICell
{
    public Cell() => Available =
        // Measured on an AVX-512 server core: the 512-bit tile does twice the work of the 256-bit one per second.
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? [Vector512, Vector, Scalar] : [Vector, Scalar];

    public override string Name => TCell.Name;

    public override KernelSet Scalar { get; } = new ScalarKernels<TCell>();

    public override KernelSet Vector { get; } = new LaneKernels<VectorLane, TCell>(PortableName);

    public override KernelSet Vector512 { get; } = new LaneKernels<Vector512Lane, TCell>("vector512");

    public override IReadOnlyList<KernelSet> Available { get; }

    /// <summary>The lanes in bits; <c>-nofma</c> where a·b + c takes two roundings. Each of these gives bits of its own.</summary>
    private static string PortableName =>
        FormattableString.Invariant($"vector{32 * VectorLane.Width}{(Fma.IsSupported || AdvSimd.IsSupported ? "" : "-nofma")}");

    public override bool IsZeroAtZero => TCell.IsZeroAtZero;

    public override void Values(Span<double> sums)
    {
        foreach (ref var sum in sums) sum = TCell.Value(sum);
    }

    public override double[] Slopes(ReadOnlySpan<double> values)
    {
        var slopes = new double[values.Length];
        for (var j = 0; j < slopes.Length; j++) slopes[j] = TCell.Slope(values[j]);
        return slopes;
    }
}

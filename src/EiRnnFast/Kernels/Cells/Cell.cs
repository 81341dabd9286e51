using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Cells;

/// <summary>The table of cells: of each its kernel sets, a set being (lane, cell), and its form in double precision for analyses.</summary>
internal abstract class Cell
{
    private protected Cell() { }

    /// <summary>Every cell. A new one is a file beside this one and a line here.</summary>
    public static IReadOnlyList<Cell> All { get; } =
    [
        new Cell<TanhCell>(),
    ];

    /// <summary>The published network's cell.</summary>
    public static Cell Tanh => All[0];

    public abstract string Name { get; }

    /// <summary>See <see cref="KernelSet.Scalar"/>.</summary>
    public abstract KernelSet Scalar { get; }

    /// <summary>See <see cref="KernelSet.Vector"/>.</summary>
    public abstract KernelSet Vector { get; }

    /// <summary>See <see cref="KernelSet.Vector512"/>.</summary>
    public abstract KernelSet Vector512 { get; }

    /// <summary>See <see cref="KernelSet.Available"/>.</summary>
    public abstract IReadOnlyList<KernelSet> Available { get; }

    /// <summary>Sums, in place, into states.</summary>
    /// <param name="before">States one step before, as long as <paramref name="sums"/>.</param>
    /// <param name="sums">Overwritten.</param>
    public abstract void States(ReadOnlySpan<double> before, Span<double> sums);

    /// <summary>The slopes at some states.</summary>
    public abstract double[] Slopes(ReadOnlySpan<double> states);
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

    public override void States(ReadOnlySpan<double> before, Span<double> sums)
    {
        for (var j = 0; j < sums.Length; j++) sums[j] = TCell.State(sums[j], before[j]);
    }

    public override double[] Slopes(ReadOnlySpan<double> states)
    {
        var slopes = new double[states.Length];
        for (var j = 0; j < slopes.Length; j++) slopes[j] = TCell.Slope(states[j]);
        return slopes;
    }
}

using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels;

/// <summary>
/// The table of kernel variants. A set is stateless and safe to share between threads; results are bit-equal run after
/// run within a set, and agree to rounding between sets. Throughout: T timesteps, R rows (trials of a batch, padded to
/// <see cref="RowMultiple"/>), N units, W = N padded to <see cref="LaneWidth"/>; all matrices row-major, all padding zero.
/// </summary>
public abstract class KernelSet
{
    /// <summary>Plain loops, to read and to test against; about 100 times slower.</summary>
    public static KernelSet Scalar { get; } = new ScalarKernels();

    /// <summary>Portable <see cref="System.Numerics.Vector{T}"/> kernels (AVX2, NEON).</summary>
    public static KernelSet Vector { get; } = new LaneKernels<VectorLane>(PortableName);

    /// <summary>The lanes in bits; <c>-nofma</c> where a·b + c takes two roundings. Each of these gives bits of its own.</summary>
    private static string PortableName =>
        FormattableString.Invariant($"vector{32 * VectorLane.Width}{(Fma.IsSupported || AdvSimd.IsSupported ? "" : "-nofma")}");

    /// <summary>AVX-512 kernels; only where the hardware has it.</summary>
    public static KernelSet Vector512 { get; } = new LaneKernels<Vector512Lane>("vector512");

    /// <summary>Every set that this machine can run, the preferred one first.</summary>
    public static IReadOnlyList<KernelSet> Available { get; } =
        // Measured on an AVX-512 server core: the 512-bit tile does twice the work of the 256-bit one per second.
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? [Vector512, Vector, Scalar] : [Vector, Scalar];

    /// <summary>
    /// The set to use: the one that the environment variable <c>EIRNN_KERNELS</c> names, else the preferred one.
    /// </summary>
    /// <exception cref="InvalidInputException">The variable names a set that does not exist or that this machine cannot run.</exception>
    public static KernelSet Current =>
        Environment.GetEnvironmentVariable("EIRNN_KERNELS") is { Length: > 0 } name ? Get(name) : Available[0];

    /// <summary>The set of that name; <c>vector</c> is the portable one, whatever its lanes.</summary>
    /// <exception cref="InvalidInputException">No such set on this machine.</exception>
    public static KernelSet Get(string name) =>
        Available.FirstOrDefault(set => set.Name == name || (name == "vector" && set == Vector))
        ?? throw InvalidInputException.Of("kernel set (EIRNN_KERNELS)", $"'{name}'",
            $"one of {string.Join(", ", Available.Select(set => set.Name))} on this machine", "name one of these or unset EIRNN_KERNELS");

    /// <summary>
    /// Hidden states and δ smaller than these are 0. A state that decays after its stimulus, or a gradient long before its
    /// target, otherwise becomes subnormal, which takes the hardware over ten times as long; so would the product of two
    /// values below them. At 9e-16 and 8e-22 they lie far under the rounding of any sum that they enter.
    /// </summary>
    internal const float LeastState = 1f / (1L << 50), LeastDelta = LeastState / (1 << 20);

    /// <summary><c>scalar</c>, <c>vector512</c>, or the portable set with its lanes, such as <c>vector256</c>: sets of one name give the
    /// same bits.</summary>
    public abstract string Name { get; }

    /// <summary>Floats per register: rows of every matrix are padded to a multiple of it.</summary>
    public abstract int LaneWidth { get; }

    /// <summary>Trials per register tile: batches are padded to a multiple of it.</summary>
    internal abstract int RowMultiple { get; }

    /// <summary>
    /// W: whole lanes, and one more where rows would lie a multiple of 1 KiB apart. Such rows share a few sets of the cache:
    /// at 512 units the weight gradient fell from 80 to 66 % of the peak.
    /// </summary>
    internal int PadUnits(int units)
    {
        var width = (units + LaneWidth - 1) / LaneWidth * LaneWidth;
        return LaneWidth > 1 && width % 256 == 0 ? width + LaneWidth : width;
    }

    /// <summary>Floats from one channel of a timestep's inputs, targets or readout to the next: rows padded to the lane.</summary>
    internal int ChannelStride(int rows) => (rows + LaneWidth - 1) / LaneWidth * LaneWidth;

    internal int PadRows(int rows) => (rows + RowMultiple - 1) / RowMultiple * RowMultiple;

    /// <summary>packed (=) W_rec [N×W] (or its transpose) in the order in which <see cref="ForwardStep"/> (<see cref="BackwardStep"/>) reads it; N·W floats.</summary>
    internal abstract void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed);

    /// <summary>
    /// h_t (=) tanh(h_{t-1}·W_rec + x_t·W_in + b), SPEC of Jarne &amp; Caruso (arXiv 2208.10304), section "model".
    /// hPrevious, h [R×W]; packed from <see cref="Pack"/>; x [I×S], S = <see cref="ChannelStride"/>; wIn [I×W]; bias [W].
    /// </summary>
    internal abstract void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int stride, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units);

    /// <summary>
    /// δ_t (=) (δ_{t+1}·W_recᵀ + dy_t·W_outᵀ) ⊙ (1 − h_t²), and in the same pass dW_in (+=) x_tᵀ·δ_t, db (+=) Σ δ_t,
    /// dW_out (+=) dy_tᵀ·h_t. dNext, h, d [R×W]; packed from <see cref="Pack"/> with transpose; x [I×S]; dy [O×S], zero in
    /// padded rows; wOut [O×W].
    /// </summary>
    internal abstract void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int stride,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units);

    /// <summary>Floats of scratch memory that <see cref="AccumulateRecurrentGradient"/> needs.</summary>
    internal abstract int GradientScratch(int units);

    /// <summary>dW_rec (+=) hPreviousᵀ·δ over <paramref name="rows"/> rows (trials of several timesteps). hPrevious, d [rows×W]; dWRec [W×W].</summary>
    internal abstract void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec, Span<float> scratch);

    /// <summary>y (=) h·W_out + b_out. h [rows×W]; wOut [O×W]; bOut [O]; y [O×S].</summary>
    internal abstract void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int stride, int rows, int units, Span<float> y);

    /// <summary>
    /// Masked squared error and its gradient at one timestep: returns Σ m·(ŷ − y)²; y (=) scale·m·(ŷ − y) in place of ŷ;
    /// dBOut (+=) Σ_r of that, in double, since it sums T·B terms that nearly cancel. y, target, weight m [O×S]; dBOut [O].
    /// </summary>
    internal abstract double LossGradient(Span<float> y, ReadOnlySpan<float> target, ReadOnlySpan<float> weight, int stride, double scale, Span<double> dBOut);

    /// <summary>total (+=) values. Equal lengths, a multiple of <see cref="LaneWidth"/>.</summary>
    internal abstract void Add(ReadOnlySpan<float> values, Span<float> total);

    /// <summary>Σ value², in double precision.</summary>
    internal abstract double SumOfSquares(ReadOnlySpan<float> values);

    /// <summary>
    /// One Adam update and the sign projection of one row of a tensor, in place:
    /// g ← scale·g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← clamp(p − step·m/(√v + ε), lower, upper).
    /// All spans of equal length, a multiple of <see cref="LaneWidth"/>. A clamped weight is exactly +0.
    /// </summary>
    internal abstract void AdamProject(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v,
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, float scale, in AdamStep adam);
}

/// <summary>The numbers of one Adam update that every weight shares.</summary>
/// <param name="Step">lr_k·√(1−β₂ᵗ)/(1−β₁ᵗ).</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="OneMinusBeta1">1 − β₁, subtracted in double: 1 − 0.999f is off by 5e-5.</param>
/// <param name="OneMinusBeta2">1 − β₂, likewise.</param>
/// <param name="Epsilon">ε, outside the square root.</param>
internal readonly record struct AdamStep(float Step, float Beta1, float Beta2, float OneMinusBeta1, float OneMinusBeta2, float Epsilon);

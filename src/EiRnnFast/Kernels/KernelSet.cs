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
    public static KernelSet Vector { get; } = new LaneKernels<VectorLane>("vector");

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

    /// <summary>The set of that name.</summary>
    /// <exception cref="InvalidInputException">No such set on this machine.</exception>
    public static KernelSet Get(string name) =>
        Available.FirstOrDefault(set => set.Name == name)
        ?? throw InvalidInputException.Of("kernel set (EIRNN_KERNELS)", $"'{name}'",
            $"one of {string.Join(", ", Available.Select(set => set.Name))} on this machine", "name one of these or unset EIRNN_KERNELS");

    /// <summary><c>scalar</c>, <c>vector</c> or <c>vector512</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Floats per register: rows of every matrix are padded to a multiple of it.</summary>
    public abstract int LaneWidth { get; }

    /// <summary>Trials per register tile: batches are padded to a multiple of it.</summary>
    internal abstract int RowMultiple { get; }

    internal int PadUnits(int units) => (units + LaneWidth - 1) / LaneWidth * LaneWidth;

    internal int PadRows(int rows) => (rows + RowMultiple - 1) / RowMultiple * RowMultiple;

    /// <summary>packed (=) W_rec [N×W] (or its transpose) in the order in which <see cref="ForwardStep"/> (<see cref="BackwardStep"/>) reads it; N·W floats.</summary>
    internal abstract void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed);

    /// <summary>
    /// h_t (=) tanh(h_{t-1}·W_rec + x_t·W_in + b), SPEC of Jarne &amp; Caruso (arXiv 2208.10304), section "model".
    /// hPrevious, h [R×W]; packed from <see cref="Pack"/>; x the inputs of step t; wIn [I×W]; bias [W].
    /// </summary>
    internal abstract void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, TimeSlice x,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units);

    /// <summary>
    /// δ_t (=) (δ_{t+1}·W_recᵀ + dy_t·W_outᵀ) ⊙ (1 − h_t²), and in the same pass dW_in (+=) x_tᵀ·δ_t, db (+=) Σ δ_t,
    /// dW_out (+=) dy_tᵀ·h_t. dNext, h, d [R×W]; packed from <see cref="Pack"/> with transpose; x, dy the inputs and
    /// dL/dy of step t, dy zero in padded rows; wOut [O×W].
    /// </summary>
    internal abstract void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, TimeSlice x, TimeSlice dy,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units);

    /// <summary>dW_rec (+=) hPreviousᵀ·δ over <paramref name="rows"/> rows (trials of several timesteps). hPrevious, d [rows×W]; dWRec [W×W].</summary>
    internal abstract void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec);

    /// <summary>y (=) h·W_out + b_out. h [rows×W]; wOut [O×W]; bOut [O]; y [rows×O].</summary>
    internal abstract void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int rows, int units, Span<float> y);

    /// <summary>
    /// Readout, masked squared error and its gradient at one timestep, in one pass: ŷ = h·W_out + b_out; returns Σ m·(ŷ − y)²;
    /// dy (=) scale·m·(ŷ − y); dBOut (+=) Σ_r dy, in double, since it sums T·B terms that nearly cancel.
    /// h [rows×W]; wOut [O×W]; bOut, dBOut [O]; target y, weight m and dy share the slice's stride.
    /// </summary>
    internal abstract double ReadoutLoss(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, TimeSlice target,
        ReadOnlySpan<float> weight, double scale, Span<float> dy, Span<double> dBOut, int rows, int units);

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

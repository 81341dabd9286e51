using EiRnnFast.Kernels.Cells;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>
/// The table of kernel variants. A set is stateless and safe to share between threads; results are bit-equal run after
/// run within a set, and agree to rounding between sets. Throughout: T timesteps, R rows (trials of a batch, padded to
/// <see cref="RowMultiple"/>), N units, W = N padded to <see cref="LaneWidth"/>; all matrices row-major, all padding zero.
/// </summary>
public abstract class KernelSet
{
    /// <summary>Plain loops, to read and to test against; about 100 times slower.</summary>
    public static KernelSet Scalar => Cell.Tanh.Scalar;

    /// <summary>Portable <see cref="System.Numerics.Vector{T}"/> kernels (AVX2, NEON).</summary>
    public static KernelSet Vector => Cell.Tanh.Vector;

    /// <summary>AVX-512 kernels; only where the hardware has it.</summary>
    public static KernelSet Vector512 => Cell.Tanh.Vector512;

    /// <summary>Every set that this machine can run, the preferred one first.</summary>
    public static IReadOnlyList<KernelSet> Available => Cell.Tanh.Available;

    /// <summary>The environment variable that names a set.</summary>
    public const string Variable = "EIRNN_KERNELS";

    /// <summary>
    /// The set where none is handed over: the one that the environment variable <c>EIRNN_KERNELS</c> names, else the preferred one.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The variable names a set that does not exist or that this machine cannot run; or <c>EIRNN_RECURRENT</c> names no form of W_rec.
    /// </exception>
    public static KernelSet Current =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Get(name, Variable) : WithFormChecked(Available[0]);

    /// <summary>The set of that name; <c>vector</c> is the portable one, whatever its lanes.</summary>
    /// <param name="name">One of <see cref="Available"/>'s names.</param>
    /// <param name="asked">What named it, for the message: an option or a variable.</param>
    /// <exception cref="InvalidInputException">No such set on this machine.</exception>
    public static KernelSet Get(string name, string asked = "kernel set") => WithFormChecked(
        Available.FirstOrDefault(set => set.Name == name || (name == "vector" && set == Vector))
        ?? throw InvalidInputException.Of(asked, $"'{name}'",
            $"one of {string.Join(", ", Available.Select(set => set.Name))} on this machine",
            NearestName.Remedy("name one of these, or leave it out for the first", name, Available.Select(set => set.Name))));

    /// <summary>A set whose user has named a form of W_rec that exists, or none: told before anything is computed.</summary>
    private static KernelSet WithFormChecked(KernelSet set)
    {
        _ = RecurrentForms.Asked;
        return set;
    }

    /// <summary>
    /// Hidden states and δ smaller than these are 0. A state that decays after its stimulus, or a gradient long before its
    /// target, otherwise becomes subnormal, which takes the hardware over ten times as long; so would the product of two
    /// values below them. At 9e-16 and 8e-22 they lie far under the rounding of any sum that they enter.
    /// </summary>
    internal const float LeastState = 1f / (1L << 50), LeastDelta = LeastState / (1 << 20);

    /// <summary>
    /// <c>scalar</c>, <c>vector512</c>, or the portable set with its lanes, such as <c>vector256</c>: sets of one name give the same bits.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>The set of the same lanes for another cell.</summary>
    internal abstract KernelSet For(Cell cell);

    /// <summary>Whether the cell has a leak, so that <see cref="LeakOperands"/> are needed.</summary>
    internal abstract bool HasLeak { get; }

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

    /// <summary>
    /// packed (=) W_rec [N×W] (or its transpose) in the order in which <see cref="ForwardStep"/> (<see cref="BackwardStep"/>)
    /// reads it; N·W floats. A part of the columns is read as that part only, and with the blocks that it is packed with.
    /// </summary>
    internal abstract void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed, Columns columns = default,
        BlockRanges? blocks = null);

    /// <summary>The columns of a network in shares of about the same cost. Results do not depend on the shares.</summary>
    internal abstract Columns[] Divide(int units, int members);

    /// <summary>
    /// h_t (=) f(h_{t−1}·W_rec + x_t·W_in + b), f the cell, tanh in Jarne &amp; Caruso (arXiv 2208.10304), section "model".
    /// </summary>
    internal void ForwardStep(in ForwardOperands step)
    {
        OperandLengths.Check(this, step);
        Forward(step);
    }

    /// <summary>
    /// δ_t (=) (δ_{t+1}·W_recᵀ + dy_t·W_outᵀ) ⊙ f′, f′ the cell's slope at h_t, and in the same pass dW_in (+=) x_tᵀ·δ_t, db (+=) Σ δ_t,
    /// dW_out (+=) dy_tᵀ·h_t.
    /// </summary>
    internal void BackwardStep(in BackwardOperands step)
    {
        OperandLengths.Check(this, step);
        Backward(step);
    }

    /// <summary>Floats of scratch memory that <see cref="AccumulateRecurrentGradient"/> needs.</summary>
    internal abstract int GradientScratch(int units);

    /// <summary>Floats of scratch memory that a share of it needs beside what all have in common.</summary>
    internal abstract int PanelScratch(int units);

    /// <summary>Most rows whose h <see cref="CopyStates"/> puts into scratch memory; 0 where it is read in its place.</summary>
    internal abstract int CopiedStates(int units);

    /// <summary>
    /// Scratch (=) hPrevious as <see cref="AccumulateRecurrentGradient"/> reads it, of a part of the columns. It must be there for all
    /// columns before that is called with <see cref="RecurrentGradientOperands.IsCopied"/>.
    /// </summary>
    internal void CopyStates(in RecurrentGradientOperands block)
    {
        OperandLengths.Check(this, block);
        Copy(block);
    }

    /// <summary>dW_rec (+=) hPreviousᵀ·δ over the rows.</summary>
    internal void AccumulateRecurrentGradient(in RecurrentGradientOperands block)
    {
        OperandLengths.Check(this, block);
        RecurrentGradient(block);
    }

    /// <summary>ŷ (=) h·W_out + b_out.</summary>
    internal void Readout(in ReadoutOperands readout)
    {
        OperandLengths.Check(this, readout);
        ReadoutStep(readout);
    }

    /// <summary>
    /// Masked squared error and its gradient at one timestep: returns Σ m·(ŷ − y)²; ŷ is overwritten with scale·m·(ŷ − y);
    /// db_out (+=) Σ_r of that, in double, since it sums T·B terms that nearly cancel.
    /// </summary>
    internal double LossGradient(in LossOperands loss)
    {
        OperandLengths.Check(this, loss);
        return Loss(loss);
    }

    /// <summary>
    /// Masked cross-entropy of a softmax over the outputs, and its gradient, at one timestep: returns Σ_r m·(−Σ_o y_o·log p_o) with
    /// p = softmax(ŷ); ŷ is overwritten with scale·m·(p·Σ_o y_o − y); db_out (+=) Σ_r of that. m is the weight of the first output.
    /// </summary>
    internal double CrossEntropyGradient(in LossOperands loss)
    {
        OperandLengths.Check(this, loss);
        return Entropy(loss);
    }

    /// <summary>total (+=) values. Equal lengths, a multiple of <see cref="LaneWidth"/>.</summary>
    internal abstract void Add(ReadOnlySpan<float> values, Span<float> total);

    /// <summary>Σ value², in double precision.</summary>
    internal abstract double SumOfSquares(ReadOnlySpan<float> values);

    /// <summary>
    /// One Adam update and the sign projection of one row of a tensor, in place:
    /// g ← scale·g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← clamp(p − step·m/(√v + ε), lower, upper).
    /// A clamped weight is exactly +0.
    /// </summary>
    internal void AdamProject(in AdamOperands row, in AdamStep adam)
    {
        OperandLengths.Check(this, row);
        Adam(row, adam);
    }

    /// <summary>See <see cref="ForwardStep"/>.</summary>
    private protected abstract void Forward(in ForwardOperands step);

    /// <summary>See <see cref="BackwardStep"/>.</summary>
    private protected abstract void Backward(in BackwardOperands step);

    /// <summary>See <see cref="CopyStates"/>.</summary>
    private protected abstract void Copy(in RecurrentGradientOperands block);

    /// <summary>See <see cref="AccumulateRecurrentGradient"/>.</summary>
    private protected abstract void RecurrentGradient(in RecurrentGradientOperands block);

    /// <summary>See <see cref="Readout"/>.</summary>
    private protected abstract void ReadoutStep(in ReadoutOperands readout);

    /// <summary>See <see cref="LossGradient"/>.</summary>
    private protected abstract double Loss(in LossOperands loss);

    /// <summary>See <see cref="CrossEntropyGradient"/>.</summary>
    private protected abstract double Entropy(in LossOperands loss);

    /// <summary>See <see cref="AdamProject"/>.</summary>
    private protected abstract void Adam(in AdamOperands row, in AdamStep adam);
}

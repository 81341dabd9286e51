using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// All memory of one training, allocated once; an update allocates nothing. With R = batch padded to the tile's rows,
/// W = N padded to the lane, S = batch padded to the lane, P the parameters, in floats: 4P (weights, gradients, two moments)
/// + 2·N·W (packed W_rec and its transpose) + (T+1)·R·W (hidden states) + (D+R)·W (δ of one block of D rows, and of the step
/// after it) + 128·(W+16+3·lane) where W ≥ 256 (copies for the weight gradient) + (I+O+1)·W (edge gradients of one block)
/// + T·S·(I+3·O) (inputs, targets, their weights, dL/dŷ) + 3·B·T·O (merging targets). A leak adds T·R·W (form rate) or R·W (form
/// voltage) and R·W (∂L/∂r), noise R·W, noise of the inputs B·T·I, the sign modes magnitude and rectified N·W.
/// </summary>
internal sealed class TrainingWorkspace
{
    /// <summary>
    /// δ of one block, and the states it meets, should stay in L2 beside W_rec and its gradient. Processors with lanes of 16 floats have
    /// at least 1 MiB: 2^16 floats, 256 KiB, each. Others have 512 KiB: half of that. The scalar set keeps the order of sums that it had.
    /// </summary>
    private static int BlockFloats(KernelSet kernels) => kernels.LaneWidth is > 1 and < 16 ? 1 << 15 : 1 << 16;

    /// <summary>Fewest rows of a block: below this, loading and storing dW_rec costs more than the block saves.</summary>
    private const int LeastBlockRows = 256;

    public TrainingWorkspace(NetworkSpec spec, int steps, int batchSize, KernelSet kernels)
    {
        Kernels = kernels = kernels.For(spec.Cell.Kernels);
        Spec = spec;
        Layout = new ParameterLayout(spec, kernels);
        Steps = steps;
        BatchSize = batchSize;
        var rows = kernels.PadRows(batchSize);
        long width = Layout.Width;
        BlockRows = RowsOfBlock(rows, width, kernels);
        Parameters = new AlignedBuffer(Layout.Length);
        Gradients = new AlignedBuffer(Layout.Length);
        Mean = new AlignedBuffer(Layout.Length);
        Variance = new AlignedBuffer(Layout.Length);
        Effective = new AlignedBuffer(EffectiveFloats(spec, width));
        Noise = new AlignedBuffer(NoiseFloats(spec, rows, width));
        NoisyInputs = new AlignedBuffer(NoisyInputFloats(spec, steps, batchSize));
        Packed = new AlignedBuffer(spec.Units * width);
        PackedTransposed = new AlignedBuffer(spec.Units * width);
        States = new AlignedBuffer((steps + 1L) * rows * width);
        (Kept, Carry) = (new AlignedBuffer(KeptFloats(spec, steps, rows, width)), new AlignedBuffer(CarryFloats(spec, rows, width)));
        Alpha = StartingState.Alpha(spec, (int)width);
        Deltas = new AlignedBuffer((BlockRows + (long)rows) * width);
        GradientScratch = new AlignedBuffer(kernels.GradientScratch(spec.Units));
        EdgeGradients = new AlignedBuffer((spec.Inputs + spec.Outputs + 1L) * width);
        Stride = kernels.ChannelStride(rows);
        Inputs = new AlignedBuffer((long)steps * spec.Inputs * Stride);
        Targets = new AlignedBuffer((long)steps * spec.Outputs * Stride);
        Weights = new AlignedBuffer((long)steps * spec.Outputs * Stride);
        Readout = new AlignedBuffer((long)steps * spec.Outputs * Stride);
        RowTargets = new AlignedBuffer((long)batchSize * steps * spec.Outputs);
        RowWeights = new AlignedBuffer((long)batchSize * steps * spec.Outputs);
        RowDeviations = new AlignedBuffer((long)batchSize * steps * spec.Outputs);
        OutputBiasGradient = new double[spec.Outputs];
        Crew = new Crew(kernels, spec.Units);
    }

    /// <summary>Floats that a workspace allocates, by the formula above.</summary>
    public static long Floats(NetworkSpec spec, int steps, int batchSize, KernelSet kernels)
    {
        long n = spec.Units, i = spec.Inputs, o = spec.Outputs;
        long w = kernels.PadUnits(spec.Units), r = kernels.PadRows(batchSize), s = kernels.ChannelStride((int)r);
        return 4 * new ParameterLayout(spec, kernels).Length + 2 * n * w + (steps + 1) * r * w + (RowsOfBlock((int)r, w, kernels) + r) * w
            + kernels.GradientScratch(spec.Units) + (i + o + 1) * w + steps * s * (i + 3 * o) + 3L * batchSize * steps * o
            + KeptFloats(spec, steps, r, w) + CarryFloats(spec, r, w) + NoiseFloats(spec, r, w)
            + NoisyInputFloats(spec, steps, batchSize) + EffectiveFloats(spec, w);
    }

    /// <summary>f(z) of every step for the form rate, v of one step for the form voltage.</summary>
    private static long KeptFloats(NetworkSpec spec, long steps, long rows, long width) =>
        !spec.Cell.HasLeak ? 0 : (spec.Cell.Form == CellForm.Rate ? steps : 1) * rows * width;

    private static long CarryFloats(NetworkSpec spec, long rows, long width) => spec.Cell.HasLeak ? rows * width : 0;

    private static long NoiseFloats(NetworkSpec spec, long rows, long width) => spec.Cell.Noise != 0 ? rows * width : 0;

    private static long NoisyInputFloats(NetworkSpec spec, long steps, long batchSize) =>
        spec.Cell.InputNoise != 0 ? batchSize * steps * spec.Inputs : 0;

    private static long EffectiveFloats(NetworkSpec spec, long width) =>
        spec.Signs.Mode == SignMode.Projection ? 0 : spec.Units * width;

    private static int RowsOfBlock(int rows, long width, KernelSet kernels) =>
        Math.Max(rows, Math.Max(LeastBlockRows, (int)(BlockFloats(kernels) / width)));

    /// <summary>Who computes; the calling thread alone unless told otherwise.</summary>
    public Crew Crew { get; }

    /// <summary>The set of the asked lanes for the network's cell.</summary>
    public KernelSet Kernels { get; }

    /// <summary>What is trained.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>What a cell with a leak keeps, of every step or of the last one; ∂L/∂r from step to step; α. Else empty.</summary>
    public AlignedBuffer Kept { get; }
    public AlignedBuffer Carry { get; }
    public float[] Alpha { get; }

    public ParameterLayout Layout { get; }
    public int Steps { get; }

    /// <summary>Most trials of one update.</summary>
    public int BatchSize { get; }

    /// <summary>Rows, of a few timesteps, whose δ is kept before their share of dW_rec is taken.</summary>
    public int BlockRows { get; }

    public AlignedBuffer Parameters { get; }
    public AlignedBuffer Gradients { get; }

    /// <summary>Adam's first and second moment.</summary>
    public AlignedBuffer Mean { get; }
    public AlignedBuffer Variance { get; }

    /// <summary>W_rec as it acts, [N×W], where it is not what is trained.</summary>
    public AlignedBuffer Effective { get; }

    /// <summary>What noise adds to the sums of one step, [R×W].</summary>
    public AlignedBuffer Noise { get; }

    /// <summary>Inputs with noise, [B×T×I]; empty without.</summary>
    public AlignedBuffer NoisyInputs { get; }

    public AlignedBuffer Packed { get; }
    public AlignedBuffer PackedTransposed { get; }

    /// <summary>h_{−1} … h_{T−1}, one timestep's rows after another's; at most [(T+1)×R×W].</summary>
    public AlignedBuffer States { get; }

    /// <summary>δ of a block's rows and, last, of the timestep after it, [(D+R)×W].</summary>
    public AlignedBuffer Deltas { get; }

    /// <summary>Where the weight gradient lays out its operands.</summary>
    public AlignedBuffer GradientScratch { get; }

    /// <summary>dW_in [I×W], db [W] and dW_out [O×W] of one block.</summary>
    public AlignedBuffer EdgeGradients { get; }

    /// <summary>The same by what they are of.</summary>
    public EdgeGradients Edges
    {
        get
        {
            var edges = EdgeGradients.Span;
            int width = Layout.Width, inputs = Layout.Inputs * width;
            return new EdgeGradients { WIn = edges[..inputs], Bias = edges.Slice(inputs, width), WOut = edges[(inputs + width)..] };
        }
    }

    /// <summary>S: floats from one channel of a timestep to the next.</summary>
    public int Stride { get; }

    /// <summary>Inputs of the batch's rows, [T×I×S].</summary>
    public AlignedBuffer Inputs { get; }

    /// <summary>Mean targets of the batch's rows and their weights in the loss, [T×O×S].</summary>
    public AlignedBuffer Targets { get; }
    public AlignedBuffer Weights { get; }

    /// <summary>ŷ, then dL/dŷ, [T×O×S].</summary>
    public AlignedBuffer Readout { get; }

    /// <summary>Targets of each row's trials while they are merged: mean, total weight and weighted deviation, [B×T×O].</summary>
    public AlignedBuffer RowTargets { get; }
    public AlignedBuffer RowWeights { get; }
    public AlignedBuffer RowDeviations { get; }

    public double[] OutputBiasGradient { get; }
}

using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// All memory of one training, allocated once; an update allocates nothing. With R = batch padded to the tile's rows,
/// W = N padded to the lane, P = the parameters: 4P (weights, gradients, two moments) + 2·N·W (packed W_rec and its
/// transpose) + (T+1)·R·W (hidden states) + (S+1)·R·W (δ of one block of S timesteps) + T·R·(I + 3·O) floats.
/// </summary>
internal sealed class TrainingWorkspace
{
    /// <summary>δ of one block, and the states it meets, should stay in L2 together: at most 128 KiB floats each.</summary>
    private const int BlockFloats = 1 << 15;

    public TrainingWorkspace(NetworkSpec spec, int steps, int batchSize, KernelSet kernels)
    {
        Kernels = kernels;
        Layout = new ParameterLayout(spec, kernels);
        Steps = steps;
        var rows = kernels.PadRows(batchSize);
        long width = Layout.Width, timesteps = (long)steps * rows;
        BlockSteps = Math.Clamp((int)(BlockFloats / (rows * width)), 1, steps);
        Parameters = new AlignedBuffer(Layout.Length);
        Gradients = new AlignedBuffer(Layout.Length);
        Mean = new AlignedBuffer(Layout.Length);
        Variance = new AlignedBuffer(Layout.Length);
        Packed = new AlignedBuffer(spec.Units * width);
        PackedTransposed = new AlignedBuffer(spec.Units * width);
        States = new AlignedBuffer((steps + 1L) * rows * width);
        Deltas = new AlignedBuffer((BlockSteps + 1L) * rows * width);
        Inputs = new AlignedBuffer(timesteps * spec.Inputs);
        Targets = new AlignedBuffer(timesteps * spec.Outputs);
        Mask = new AlignedBuffer(timesteps * spec.Outputs);
        Readout = new AlignedBuffer(timesteps * spec.Outputs);
        OutputBiasGradient = new double[spec.Outputs];
    }

    public KernelSet Kernels { get; }
    public ParameterLayout Layout { get; }
    public int Steps { get; }

    /// <summary>Timesteps whose δ is kept before their weight gradients are taken.</summary>
    public int BlockSteps { get; }

    public AlignedBuffer Parameters { get; }
    public AlignedBuffer Gradients { get; }

    /// <summary>Adam's first and second moment.</summary>
    public AlignedBuffer Mean { get; }
    public AlignedBuffer Variance { get; }

    public AlignedBuffer Packed { get; }
    public AlignedBuffer PackedTransposed { get; }

    /// <summary>h_{−1} … h_{T−1}, [(T+1)×R×W].</summary>
    public AlignedBuffer States { get; }

    /// <summary>δ of a block's timesteps and, last, of the timestep after it, [(S+1)×R×W].</summary>
    public AlignedBuffer Deltas { get; }

    /// <summary>Inputs [T×R×I], targets and mask [T×R×O] of the batch, time first.</summary>
    public AlignedBuffer Inputs { get; }
    public AlignedBuffer Targets { get; }
    public AlignedBuffer Mask { get; }

    /// <summary>ŷ, then dL/dŷ, [T×R×O].</summary>
    public AlignedBuffer Readout { get; }

    public double[] OutputBiasGradient { get; }
}

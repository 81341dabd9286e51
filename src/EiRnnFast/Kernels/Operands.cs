using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>One timestep forward. Letters as in <see cref="KernelSet"/>; S = <see cref="KernelSet.ChannelStride"/>, I inputs.</summary>
internal readonly ref struct ForwardOperands
{
    /// <summary>Rows of the batch, R.</summary>
    public required int Rows { get; init; }

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>S.</summary>
    public required int Stride { get; init; }

    /// <summary>h_{t−1}, [R×W].</summary>
    public required ReadOnlySpan<float> HPrevious { get; init; }

    /// <summary>W_rec from <see cref="KernelSet.Pack"/>, N·W floats.</summary>
    public required ReadOnlySpan<float> Packed { get; init; }

    /// <summary>x_t, [I×S].</summary>
    public required ReadOnlySpan<float> X { get; init; }

    /// <summary>W_in, exactly [I×W].</summary>
    public required ReadOnlySpan<float> WIn { get; init; }

    /// <summary>b, [W].</summary>
    public required ReadOnlySpan<float> Bias { get; init; }

    /// <summary>h_t, [R×W]; overwritten.</summary>
    public required Span<float> H { get; init; }

    /// <summary>The columns that are computed.</summary>
    public Columns Columns { get; init; }

    /// <summary>Which weights exist, where others are skipped.</summary>
    public PatternOperands Pattern { get; init; }

    /// <summary>What cells with a leak need; empty for others.</summary>
    public LeakOperands Leak { get; init; }
}

/// <summary>One timestep backward; O outputs.</summary>
internal readonly ref struct BackwardOperands
{
    /// <summary>Rows of the batch, R.</summary>
    public required int Rows { get; init; }

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>S.</summary>
    public required int Stride { get; init; }

    /// <summary>δ_{t+1}, [R×W].</summary>
    public required ReadOnlySpan<float> DNext { get; init; }

    /// <summary>W_recᵀ from <see cref="KernelSet.Pack"/> with transpose, N·W floats.</summary>
    public required ReadOnlySpan<float> Packed { get; init; }

    /// <summary>x_t, [I×S].</summary>
    public required ReadOnlySpan<float> X { get; init; }

    /// <summary>dL/dŷ_t, [O×S], zero in padded rows.</summary>
    public required ReadOnlySpan<float> Dy { get; init; }

    /// <summary>W_out, transposed, [O×W].</summary>
    public required ReadOnlySpan<float> WOut { get; init; }

    /// <summary>h_t, [R×W].</summary>
    public required ReadOnlySpan<float> H { get; init; }

    /// <summary>δ_t, [R×W]; overwritten.</summary>
    public required Span<float> D { get; init; }

    /// <summary>The columns that are computed.</summary>
    public Columns Columns { get; init; }

    /// <summary>Which weights exist, where others are skipped.</summary>
    public PatternOperands Pattern { get; init; }

    /// <summary>What cells with a leak need; empty for others.</summary>
    public LeakOperands Leak { get; init; }

    /// <summary>Where the gradients of the edges are added.</summary>
    public required EdgeGradients Edge { get; init; }
}

/// <summary>What a cell with a leak reads and keeps beside the rates (<see cref="Cells.ICell"/>).</summary>
internal readonly ref struct LeakOperands
{
    /// <summary>α, [W], any value above 0 in the padding.</summary>
    public required ReadOnlySpan<float> Alpha { get; init; }

    /// <summary>What the cell keeps at this step, [R×W]: written forward, read backward.</summary>
    public required Span<float> Kept { get; init; }

    /// <summary>What noise adds to the sums, [R×W]; empty for none. Forward only.</summary>
    public ReadOnlySpan<float> Noise { get; init; }

    /// <summary>q of each row, [R], 0 in the padding: q·r_t is added to ∂L/∂r_t. Empty for none; backward only.</summary>
    public ReadOnlySpan<float> RatePull { get; init; }

    /// <summary>What is added to ∂L/∂r, [R×W]; empty for nothing.</summary>
    public ReadOnlySpan<float> RateGradient { get; init; }

    /// <summary>∂L/∂r from step to step, [R×W]; backward only.</summary>
    public Span<float> Carry { get; init; }
}

/// <summary>Gradients of the weights at the network's edges.</summary>
internal readonly ref struct EdgeGradients
{
    /// <summary>dW_in, exactly [I×W].</summary>
    public required Span<float> WIn { get; init; }

    /// <summary>db, [W].</summary>
    public required Span<float> Bias { get; init; }

    /// <summary>dW_out, transposed, exactly [O×W].</summary>
    public required Span<float> WOut { get; init; }
}

/// <summary>The share of dW_rec of some rows: trials of several timesteps.</summary>
internal readonly ref struct RecurrentGradientOperands
{
    /// <summary>Rows in all.</summary>
    public required int Rows { get; init; }

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>h of the step before each row's, [rows×W].</summary>
    public required ReadOnlySpan<float> HPrevious { get; init; }

    /// <summary>δ, [rows×W].</summary>
    public required ReadOnlySpan<float> D { get; init; }

    /// <summary>dW_rec, [W×W]; added to.</summary>
    public required Span<float> DWRec { get; init; }

    /// <summary><see cref="KernelSet.GradientScratch"/> floats.</summary>
    public required Span<float> Scratch { get; init; }

    /// <summary>The columns of dW_rec that are added to, and of h that are copied.</summary>
    public Columns Columns { get; init; }

    /// <summary>Which weights exist, where others are skipped.</summary>
    public PatternOperands Pattern { get; init; }

    /// <summary>Whether <see cref="KernelSet.CopyStates"/> has put h of all rows into <see cref="Scratch"/>.</summary>
    public bool IsCopied { get; init; }

    /// <summary><see cref="KernelSet.PanelScratch"/> floats beside <see cref="Scratch"/>, where others use it too; else empty.</summary>
    public Span<float> Panel { get; init; }
}

/// <summary>The readout of one timestep.</summary>
internal readonly ref struct ReadoutOperands
{
    /// <summary>Rows First … Rows−1 of the batch are read out, padded or not.</summary>
    public required int Rows { get; init; }

    /// <summary>A multiple of the lane.</summary>
    public int First { get; init; }

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>S.</summary>
    public required int Stride { get; init; }

    /// <summary>h, [rows×W].</summary>
    public required ReadOnlySpan<float> H { get; init; }

    /// <summary>W_out, transposed, [O×W].</summary>
    public required ReadOnlySpan<float> WOut { get; init; }

    /// <summary>b_out, exactly [O].</summary>
    public required ReadOnlySpan<float> BOut { get; init; }

    /// <summary>ŷ, [O×S]; overwritten.</summary>
    public required Span<float> Y { get; init; }
}

/// <summary>The loss of one timestep.</summary>
internal readonly ref struct LossOperands
{
    /// <summary>S.</summary>
    public required int Stride { get; init; }

    /// <summary>What m·(ŷ − y) is multiplied by.</summary>
    public required double Scale { get; init; }

    /// <summary>y, [O×S].</summary>
    public required ReadOnlySpan<float> Target { get; init; }

    /// <summary>m, exactly [O×S].</summary>
    public required ReadOnlySpan<float> Weight { get; init; }

    /// <summary>ŷ, [O×S]; overwritten with its gradient.</summary>
    public required Span<float> Y { get; init; }

    /// <summary>db_out, exactly [O], in double; added to.</summary>
    public required Span<double> DBOut { get; init; }
}

/// <summary>One row of a tensor, its bounds and its moments: all of one length, a multiple of the lane.</summary>
internal readonly ref struct AdamOperands
{
    /// <summary>What the gradient is multiplied by.</summary>
    public required float Scale { get; init; }

    /// <summary>g.</summary>
    public required ReadOnlySpan<float> G { get; init; }

    /// <summary>Least values that the weights may take.</summary>
    public required ReadOnlySpan<float> Lower { get; init; }

    /// <summary>Largest values that the weights may take.</summary>
    public required ReadOnlySpan<float> Upper { get; init; }

    /// <summary>p; updated.</summary>
    public required Span<float> P { get; init; }

    /// <summary>m, the mean of the gradients; updated.</summary>
    public required Span<float> M { get; init; }

    /// <summary>v, the mean of their squares; updated.</summary>
    public required Span<float> V { get; init; }
}

/// <summary>The numbers of one Adam update that every weight shares.</summary>
/// <param name="Step">lr_k·√(1−β₂ᵗ)/(1−β₁ᵗ).</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="OneMinusBeta1">1 − β₁, subtracted in double: 1 − 0.999f is off by 5e-5.</param>
/// <param name="OneMinusBeta2">1 − β₂, likewise.</param>
/// <param name="Epsilon">ε, outside the square root.</param>
internal readonly record struct AdamStep(float Step, float Beta1, float Beta2, float OneMinusBeta1, float OneMinusBeta2, float Epsilon);

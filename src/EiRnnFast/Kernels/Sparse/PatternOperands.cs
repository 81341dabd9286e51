namespace EiRnnFast.Kernels.Sparse;

/// <summary>Which weights of W_rec exist, as kernels read it; the default is the dense form.</summary>
internal readonly ref struct PatternOperands
{
    /// <summary>W_rec and its transpose by columns; null in another form than sparse.</summary>
    public SparseMatrix? Columns { get; init; }
    public SparseMatrix? Rows { get; init; }

    /// <summary>One sum of each entry of <see cref="Columns"/>, for dW_rec.</summary>
    public Span<float> Sums { get; init; }

    /// <summary>Twice <see cref="SparseMatrix.Groups"/> transposed groups of W units, of one member.</summary>
    public Span<float> Scratch { get; init; }

    /// <summary>Where W_rec and its transpose have weights; null in another form than blocks.</summary>
    public BlockRanges? Blocks { get; init; }
    public BlockRanges? Back { get; init; }
}
